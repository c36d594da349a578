"""Local copies of objects, for the engine to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.store import Store, in_parallel

#: Rows up to which one request for the whole object is faster than a managed download, which requests its size first.
SMALL_ROWS = 50_000


@dataclass(frozen=True)
class Wanted:
    """An object to read. `is_small`: it fits in memory many times."""

    key: str
    is_small: bool


def fetch(store: Store, wanted: Sequence[Wanted], temp: Path) -> list[Path]:
    """Copies objects below `temp`, each under its own key, if not there yet. Returns their paths in the same order.

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
