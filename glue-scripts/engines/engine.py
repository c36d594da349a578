"""What a job may ask of an engine."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

#: What a small table of Python values may hold.
Value = str | int | bool | None


class Engine(Protocol):
    """Named relations built from SELECTs. Names live as long as the engine; naming one again replaces it."""

    def source(
        self, name: str, paths: Sequence[Path], columns: Mapping[str, str], partitions: Sequence[str] = ()
    ) -> None:
        """Parquet files as a view of `columns` (name → SQL type), without any file: an empty one.

        `partitions` names further text columns, read from the paths (`…/file=0a1b/…` gives `file`).
        """

    def rows(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Value]]) -> None:
        """A small table of Python values, cast to the SQL types of `columns`."""

    def parameters(self, values: Mapping[str, Value]) -> None:
        """The one-row view `parameters`: a column per value, text or bigint or boolean."""

    def define(self, name: str, select: str) -> None:
        """A view: computed each time it is read."""

    def materialize(self, name: str, select: str) -> int:
        """A table: computed once, now. Returns its number of rows."""

    def drop(self, name: str) -> None:
        """Frees a materialized table."""

    def query(self, select: str) -> list[tuple[Any, ...]]:
        """A small result as Python values."""

    def batches(self, select: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """A large result, `size` rows at a time. Read it to its end before asking the engine anything else."""

    def export(self, select: str, path: Path) -> int:
        """One Parquet file (zstd) at the local `path`, which must not exist. Returns its number of rows."""
