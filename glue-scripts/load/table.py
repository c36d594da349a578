"""The table of KPIs as the load job sees it. `DynamoDbTable` and `MemoryTable` implement it; one suite tests both.

Every date has a header item (`header` / `2018-11-15`) whose `loading_generation` is the fence of the date: a write
names its generation and fails as a whole once a newer one has begun. So an old run that wakes up late can neither
overwrite a newer item nor bring back one that vanished.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

HEADER = "header"
#: Attribute names of the table.
KEY = ("metric_key", "period")

#: An item as plain Python values: text, int, bool, None, lists and dicts of them. Holds its key.
Item = Mapping[str, Any]
#: (metric_key, period)
Key = tuple[str, str]


class OvertakenError(Exception):
    """A newer generation of the date is being loaded, or is complete: nothing was written."""

    def __init__(self, date: str, generation: int) -> None:
        super().__init__(f"Generation {generation} of {date} was overtaken by a newer one.")
        self.date = date
        self.generation = generation


@dataclass(frozen=True)
class Writes:
    """What a generation of a date puts and removes."""

    puts: Sequence[Item]
    removals: Sequence[Key]


class Table(Protocol):
    """All reads are consistent. `generation` is that of the date's KPIs."""

    def get(self, key: Key) -> Item | None:
        """Returns an item, None if there is none."""

    def begin(self, date: str, generation: int, provenance: Item) -> None:
        """Raises the fence of the date, whose header is no longer complete. Raises OvertakenError if it is higher."""

    def write(self, date: str, generation: int, writes: Writes) -> None:
        """Puts and removes all, in parts of any order. Raises OvertakenError if a newer generation has begun."""

    def complete(self, date: str, generation: int, header: Item) -> None:
        """Sets the header's further attributes and marks it complete. Raises OvertakenError as above."""

    def keys_of(self, metric_key: str) -> list[Key]:
        """Returns the keys of all items of a partition, by period."""

    def forget(self, keys: Sequence[Key]) -> None:
        """Removes items whatever generation they are of: what no generation would ever remove."""


def key_of(item: Item) -> Key:
    return item["metric_key"], item["period"]
