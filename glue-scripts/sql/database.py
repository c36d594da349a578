"""Opens DuckDB for one job, and reads and quotes SQL."""

from importlib.resources import files
from pathlib import Path

import duckdb

#: Partitions that one statement may write at once, so that each becomes one Parquet file.
MAX_PARTITIONS = 200


def connect(
    memory_limit: str, temp: Path, ordered: bool, threads: int | None = None, reorders_joins: bool = False
) -> duckdb.DuckDBPyConnection:
    """Opens a database that spills to `temp`; threads use `.cursor()`. The process needs 400 MB beyond `memory_limit`.

    `ordered` keeps the order of a file's rows. Row numbers need that; writing many dates at once cannot afford it.
    `threads` is the number of cores if it is not given. `reorders_joins` leaves the order of joins to DuckDB, which
    knows how many rows tables and Parquet files have.
    """
    spill = temp / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(spill),
        "preserve_insertion_order": ordered,
    }
    if threads is not None:
        config["threads"] = threads
    database = duckdb.connect(":memory:", config=config)
    # Global, because cursors do not inherit the settings of their connection.
    database.execute("set global timezone = 'UTC'")
    database.execute(f"set global partitioned_write_max_open_files = {MAX_PARTITIONS}")
    if not reorders_joins:
        # The two optimizers expect few rows in a CSV file and build the hash tables of joins from it, instead of from
        # the small reference snapshot (10 M rows: 4.3 s instead of 0.7 s). Queries of tables are up to twice as fast
        # with them.
        database.execute("set global disabled_optimizers = 'join_order,build_side_probe_side'")
    return database


def literal(text: str) -> str:
    """Returns `text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """Returns `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def read_sql(folder: str, name: str) -> str:
    """Returns the text of sql/<folder>/<name>.sql."""
    return files("sql").joinpath(folder).joinpath(f"{name}.sql").read_text(encoding="utf-8")
