"""Copies that are verified before anything they were made of is deleted."""

from dataclasses import dataclass

from storage.store import MissingObjectError, Store, digest


class CopyError(Exception):
    """A copy is not what was copied."""

    def __init__(self, key: str, target: str, found: str) -> None:
        super().__init__(f"{target} is not a true copy of {key} ({found}); nothing was deleted, redrive archive.")
        self.key = key
        self.target = target


@dataclass(frozen=True)
class Copied:
    """An object in the archive: where from, where to, how many bytes, and its ETag there."""

    key: str
    target: str
    bytes: int
    etag: str


def copy_verified(store: Store, key: str, target: str, version_id: str | None = None) -> Copied | None:
    """Copies one version of an object, unless a true copy is there already.

    Where the object is gone, an earlier attempt's copy stands for it; None where there is none either.
    """
    source = store.head(key, version_id)
    if source is None:
        return _as_it_stands(store, key, target)
    found = store.head(target)
    if found is None or (found.size, found.etag) != (source.size, source.etag):
        try:
            store.copy(key, target, version_id)
        except MissingObjectError:
            return _as_it_stands(store, key, target)
        found = store.head(target)
    if found is None or found.size != source.size:
        raise CopyError(key, target, f"{source.size} bytes against {found.size if found else 'none'}")
    # One PutObject's ETag is the MD5 of the content and copying keeps it; a multipart copy has another one.
    if found.etag != source.etag and digest(store, key, version_id) != digest(store, target):
        raise CopyError(key, target, "their SHA-256 differ")
    return Copied(key, target, found.size, found.etag)


def _as_it_stands(store: Store, key: str, target: str) -> Copied | None:
    found = store.head(target)
    return Copied(key, target, found.size, found.etag) if found else None
