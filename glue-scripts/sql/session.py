"""One DuckDB database of a job: named relations that are built from SELECTs.

with Session("1GB", temp) as session:
    session.parquet("accepted", paths, ACCEPTED, ["file"])
    session.table("plays", read_sql("intermediate", "plays"))
    session.export("from plays order by track_no", temp / "plays.parquet")
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from sql.database import connect, literal, quoted

#: What a small table of Python values may hold.
Value = str | int | bool | None


class Session:
    """An in-memory database that spills to `temp`. The process needs 300 to 400 MB more than `memory_limit`.

    A name lives as long as the session. Building it again replaces what it was, also a view by a table.
    """

    def __init__(self, memory_limit: str, temp: Path, threads: int | None = None) -> None:
        self._database = connect(memory_limit, temp, ordered=False, threads=threads, reorders_joins=True)
        self._kinds: dict[str, str] = {}

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def parquet(
        self, name: str, paths: Sequence[Path], columns: Mapping[str, str], partitions: Sequence[str] = ()
    ) -> None:
        """Defines a view of Parquet files with `columns` (name → type). A column that a file lacks is null.

        `partitions` names text columns that the paths hold: `…/file=0a1b/…` gives `file`.
        """
        kinds = {**columns, **dict.fromkeys(partitions, "varchar")}
        select = f"select {', '.join(f'null::{kind} as {quoted(column)}' for column, kind in kinds.items())} limit 0"
        if paths:
            listed = ", ".join(literal(str(path)) for path in paths)
            types = ", ".join(f"{quoted(partition)}: varchar" for partition in partitions)
            hive = f"hive_partitioning = true, hive_types = {{{types}}}" if partitions else "hive_partitioning = false"
            read = f"read_parquet([{listed}], union_by_name = true, {hive})"
            select = f"select {', '.join(map(quoted, kinds))} from (({select}) union all by name from {read})"
        self.view(name, select)

    def rows(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Value]]) -> None:
        """Creates a small table of Python values with `columns` (name → type)."""
        self._replace(name, "table")
        declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        self._database.execute(f"create table {quoted(name)} ({declared})")
        if rows:
            lines = ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows)
            self._database.execute(f"insert into {quoted(name)} values {lines}")

    def view(self, name: str, select: str) -> None:
        """Defines a view: it is computed whenever it is read."""
        self._replace(name, "view")
        self._database.execute(f"create view {quoted(name)} as {select}")

    def table(self, name: str, select: str) -> None:
        """Creates a table: it is computed now."""
        self._replace(name, "table")
        self._database.execute(f"create table {quoted(name)} as {select}")

    def append(self, name: str, select: str) -> None:
        """Adds rows to a table. Creates it if there is none."""
        if name in self._kinds:
            self._database.execute(f"insert into {quoted(name)} by name {select}")
        else:
            self.table(name, select)

    def drop(self, name: str) -> None:
        """Frees a table, if there is one."""
        if kind := self._kinds.pop(name, None):
            self._database.execute(f"drop {kind} {quoted(name)}")

    def query(self, select: str) -> list[tuple[Any, ...]]:
        """Returns a small result."""
        return self._database.execute(select).fetchall()

    def batches(self, select: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yields a large result, `size` rows at a time."""
        found = self._database.cursor().execute(select)
        while rows := found.fetchmany(size):
            yield rows

    def export(self, select: str, path: Path) -> int:
        """Writes one Parquet file. Returns its number of rows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        options = "format parquet, compression zstd"
        written = self._database.execute(f"copy ({select}) to {literal(str(path))} ({options})").fetchone()
        return int(written[0]) if written else 0

    def _replace(self, name: str, kind: str) -> None:
        """Drops what has the name: DuckDB replaces no view by a table."""
        self.drop(name)
        self._kinds[name] = kind


def _literal(value: Value) -> str:
    if value is None:
        return "null"
    return literal(value) if isinstance(value, str) else str(value).lower()
