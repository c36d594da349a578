"""The table in memory, with DynamoDB's conditions: for tests and the bench."""

from collections.abc import Sequence
from threading import Lock

from load.table import HEADER, Item, Key, OvertakenError, Writes, key_of


class MemoryTable:
    """`items` are the table's items by key; look, do not touch."""

    def __init__(self) -> None:
        self.items: dict[Key, Item] = {}
        self._lock = Lock()

    def get(self, key: Key) -> Item | None:
        return self.items.get(key)

    def begin(self, date: str, generation: int, provenance: Item) -> None:
        with self._lock:
            header = self.items.get((HEADER, date), {})
            if header.get("loading_generation", 0) > generation:
                raise OvertakenError(date, generation)
            key = {"metric_key": HEADER, "period": date}
            first = {"generation": generation, **provenance}
            self.items[HEADER, date] = {
                **{**first, **header, **key},
                **{"loading_generation": generation, "complete": False},
            }

    def write(self, date: str, generation: int, writes: Writes) -> None:
        with self._lock:
            self._fence(date, generation)
            for item in writes.puts:
                self.items[key_of(item)] = item
            for key in writes.removals:
                self.items.pop(key, None)

    def complete(self, date: str, generation: int, header: Item) -> None:
        with self._lock:
            current = self._fence(date, generation)
            self.items[HEADER, date] = {**current, **header, "generation": generation, "complete": True}

    def keys_of(self, metric_key: str) -> list[Key]:
        return sorted(key for key in self.items if key[0] == metric_key)

    def forget(self, keys: Sequence[Key]) -> None:
        with self._lock:
            for key in keys:
                self.items.pop(key, None)

    def _fence(self, date: str, generation: int) -> Item:
        header = self.items.get((HEADER, date), {})
        if header.get("loading_generation") != generation:
            raise OvertakenError(date, generation)
        return header
