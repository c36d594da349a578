"""What runs the SQL of sql/: one protocol, one module per engine.

    with open_engine("duckdb", "1GB", temp) as engine:
        engine.source("accepted_files", paths, ACCEPTED, ["file"])
        engine.materialize("listens", read_sql("kpi", "plays"))
        engine.export("select * from listens order by track_no", temp / "listens.parquet")

The SQL keeps to what DuckDB and Spark SQL 3.5 share. Where only the names differ, Spark's name is used and the other
engine defines it: `explode(list)`, `sequence(from, to)`, `shiftleft(value, bits)`, `unix_millis(timestamp)`, and
`xxhash64(…)` of one or three values, whose numbers differ between engines: it may only narrow a search.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib.resources import files
from pathlib import Path

from engines.engine import Engine, Value

__all__ = ["Engine", "UnknownEngineError", "Value", "open_engine", "read_sql"]


class UnknownEngineError(Exception):
    """--engine names none of the engines."""


def _duckdb(memory_limit: str, temp: Path, threads: int | None) -> AbstractContextManager[Engine]:
    from engines.duckdb import DuckDbEngine

    return DuckDbEngine(memory_limit, temp, threads)


ENGINES: Mapping[str, Callable[[str, Path, int | None], AbstractContextManager[Engine]]] = {"duckdb": _duckdb}


def open_engine(name: str, memory_limit: str, temp: Path, threads: int | None = None) -> AbstractContextManager[Engine]:
    """The engine called `name`. `memory_limit` as in `1GB`; `temp` takes what does not fit; threads: all cores."""
    if name not in ENGINES:
        raise UnknownEngineError(f"--engine {name} is not known: choose one of {', '.join(sorted(ENGINES))}.")
    return ENGINES[name](memory_limit, temp, threads)
