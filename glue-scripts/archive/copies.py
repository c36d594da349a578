"""Verified copies: nothing is deleted before its copy in the archive is proven true."""

from dataclasses import dataclass

from storage.store import MissingObjectError, Store, digest


class CopyError(Exception):
    """A copy differs from its source."""

    def __init__(self, key: str, target: str, found: str) -> None:
        super().__init__(f"{target} is not a true copy of {key} ({found}); nothing was deleted, redrive archive.")


@dataclass(frozen=True)
class Copied:
    """An object in the archive: its source, its key there, its size and its ETag."""

    key: str
    target: str
    bytes: int
    etag: str


def copy_verified(store: Store, key: str, target: str, version_id: str | None = None) -> Copied | None:
    """Copies one version of an object, unless a true copy exists already.

    If the source is gone, the copy of an earlier attempt counts. Returns None if there is no copy either.
    """
    source = store.head(key, version_id)
    if source is None:
        return _existing_copy(store, key, target)
    found = store.head(target)
    if found is None or (found.size, found.etag) != (source.size, source.etag):
        try:
            store.copy(key, target, version_id)
        except MissingObjectError:
            return _existing_copy(store, key, target)
        found = store.head(target)
    if found is None or found.size != source.size:
        raise CopyError(key, target, f"{source.size} bytes against {found.size if found else 'none'}")
    # Copying keeps the ETag of a single upload, the MD5 of its content. A multipart copy has another ETag.
    if found.etag != source.etag and digest(store, key, version_id) != digest(store, target):
        raise CopyError(key, target, "their SHA-256 differ")
    return Copied(key, target, found.size, found.etag)


def _existing_copy(store: Store, key: str, target: str) -> Copied | None:
    found = store.head(target)
    return Copied(key, target, found.size, found.etag) if found else None
