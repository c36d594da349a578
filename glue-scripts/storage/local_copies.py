"""Objects as local files, which is how every engine reads them here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.store import Store, in_parallel

#: Bytes up to which one request for the whole object beats a managed download, which asks for its size first.
SMALL = 8 * 1024 * 1024
#: Rows that surely take less.
SMALL_ROWS = 50_000


@dataclass(frozen=True)
class Wanted:
    """An object to be read; `is_small` where it is known to fit in memory many times."""

    key: str
    is_small: bool


def fetch(store: Store, wanted: Sequence[Wanted], temp: Path) -> list[Path]:
    """Copies objects below `temp`, each under its own key, unless it is there. Paths come in the order asked.

    Raises MissingObjectError for the first one that does not exist.
    """
    for folder in {(temp / one.key).parent for one in wanted}:
        folder.mkdir(parents=True, exist_ok=True)
    return in_parallel(lambda one: _fetch(store, one, temp / one.key), wanted)


def _fetch(store: Store, one: Wanted, path: Path) -> Path:
    if path.exists():
        return path
    if not one.is_small:
        store.download(one.key, path)
        return path
    body, _ = store.read(one.key)
    partial = path.with_suffix(".partial")
    partial.write_bytes(body)
    return partial.rename(path)
