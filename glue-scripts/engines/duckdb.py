"""DuckDB, embedded: the local sandbox's engine and, on AWS, that of a Python shell job."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from engines.engine import Value

#: Spark SQL's names for what DuckDB calls otherwise.
VOCABULARY = (
    "create macro explode(list) as unnest(list)",
    "create macro sequence(first, last) as generate_series(first, last)",
    "create macro shiftleft(value, bits) as value << cast(bits as integer)",
    "create macro unix_millis(moment) as epoch_ms(moment)",
    "create macro xxhash64(a) as hash(a), (a, b, c) as hash(a, b, c)",
)


class DuckDbEngine:
    """An in-memory database that spills to `temp`. The process needs 300-400 MB more than `memory_limit`."""

    def __init__(self, memory_limit: str, temp: Path, threads: int | None = None) -> None:
        spill = temp / "duckdb"
        spill.mkdir(parents=True, exist_ok=True)
        settings: dict[str, Any] = {
            "memory_limit": memory_limit,
            "temp_directory": str(spill),
            "preserve_insertion_order": False,
        }
        if threads is not None:
            settings["threads"] = threads
        self._db = duckdb.connect(":memory:", config=settings)
        self._kinds: dict[str, str] = {}
        self._db.execute("set timezone = 'UTC'")
        for macro in VOCABULARY:
            self._db.execute(macro)

    def __enter__(self) -> "DuckDbEngine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def source(
        self, name: str, paths: Sequence[Path], columns: Mapping[str, str], partitions: Sequence[str] = ()
    ) -> None:
        if not paths:
            self.rows(name, {**columns, **dict.fromkeys(partitions, "varchar")}, [])
            return
        wanted = [*(f"cast({_quoted(column)} as {kind}) as {_quoted(column)}" for column, kind in columns.items())]
        wanted += [_quoted(partition) for partition in partitions]
        listed = ", ".join(_literal(str(path)) for path in paths)
        types = ", ".join(f"{_literal(partition)}: varchar" for partition in partitions)
        hive = f", hive_partitioning = true, hive_types = {{{types}}}" if partitions else ", hive_partitioning = false"
        self.define(name, f"select {', '.join(wanted)} from read_parquet([{listed}]{hive})")

    def rows(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Value]]) -> None:
        self._forget(name, "table")
        declared = ", ".join(f"{_quoted(column)} {kind}" for column, kind in columns.items())
        self._db.execute(f"create table {_quoted(name)} ({declared})")
        if rows:
            lines = ", ".join("(" + ", ".join(_literal(value) for value in row) + ")" for row in rows)
            self._db.execute(f"insert into {_quoted(name)} values {lines}")

    def parameters(self, values: Mapping[str, Value]) -> None:
        kinds: dict[type, str] = {bool: "boolean", int: "bigint"}
        columns = {name: kinds.get(type(value), "varchar") for name, value in values.items()}
        self.rows("parameters", columns, [list(values.values())])

    def define(self, name: str, select: str) -> None:
        self._forget(name, "view")
        self._db.execute(f"create view {_quoted(name)} as {select}")

    def materialize(self, name: str, select: str) -> int:
        self._forget(name, "table")
        made = self._db.execute(f"create table {_quoted(name)} as {select}").fetchone()
        return int(made[0]) if made else 0

    def drop(self, name: str) -> None:
        self._forget(name)

    def query(self, select: str) -> list[tuple[Any, ...]]:
        return self._db.execute(select).fetchall()

    def batches(self, select: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        found = self._db.cursor().execute(select)
        while rows := found.fetchmany(size):
            yield rows

    def export(self, select: str, path: Path) -> int:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = self._db.execute(
            f"copy ({select}) to {_literal(str(path))} (format parquet, compression zstd)"
        ).fetchone()
        return int(written[0]) if written else 0

    def _forget(self, name: str, becomes: str | None = None) -> None:
        """Drops what has the name, and notes what it is to be: DuckDB asks for the kind of what it drops."""
        if kind := self._kinds.pop(name, None):
            self._db.execute(f"drop {kind} if exists {_quoted(name)}")
        if becomes:
            self._kinds[name] = becomes


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
