"""The columns of a metric's Parquet objects, which follow from the contract: flat rows, in the order of their items."""

from contracts.metrics import Metric, list_fields, scalar_fields

_DUCKDB_TYPES = {"integer": "bigint", "text": "varchar"}


def key_columns(metric: Metric) -> dict[str, str]:
    """Returns the columns, with DuckDB types, that distinguish a metric's items of one date."""
    names = [metric["key"], "as_of" if metric["period"] == "as_of" else None]
    return {name: "varchar" for name in names if name}


def entry_columns(metric: Metric) -> dict[str, str]:
    """Returns the columns, with DuckDB types, of the entries of the metric's lists."""
    entries = [entry for field in list_fields(metric).values() for entry in field.values()]
    return {entry["column"]: _DUCKDB_TYPES[entry["type"]] for entry in entries}


def object_columns(metric: Metric) -> dict[str, str]:
    """Returns all columns of the metric's objects with DuckDB types. An item without entries has null in theirs."""
    scalars = {name: _DUCKDB_TYPES[kind] for name, kind in scalar_fields(metric).items()}
    return {**key_columns(metric), **scalars, **entry_columns(metric)}


def item_key(metric: Metric) -> str:
    """Returns the SQL list of texts that distinguishes a metric's items of one date. It is empty if there is one."""
    return f"[{', '.join(key_columns(metric))}]::varchar[]"


def row_order(metric: Metric) -> str:
    """Returns the ORDER BY that puts the rows of an item together, by rank (or whatever a list's first column is)."""
    first = [next(iter(field.values()))["column"] for field in list_fields(metric).values()]
    columns = [*key_columns(metric), *first]
    return f" order by {', '.join(columns)}" if columns else ""
