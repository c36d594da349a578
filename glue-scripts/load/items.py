"""From the Parquet objects of a date to the items of the table (kpis.md, "The table")."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from contracts.documents import DateDocument
from contracts.metrics import Metric
from engines import Engine
from load.table import Item, Key

#: Items at a time, so that memory does not grow with the number of users.
BATCH = 5_000
#: DynamoDB's limit of a partition key, in bytes of UTF-8.
LONGEST_KEY = 2048


def provenance(document: DateDocument) -> Item:
    """What every item says of where it comes from."""
    return {
        "generation": document["generation"],
        "run_id": document["run_id"],
        "reference_version": document["reference_version"],
        "computed_at": document["computed_at"],
    }


def items(engine: Engine, metric: Metric, path: Path, document: DateDocument) -> Iterator[list[Item]]:
    """The items of one metric on one date, in batches."""
    names = [*key_columns(metric), *metric["fields"]]
    source_of(engine, "published", [path], metric)
    texts = ", ".join(f'"{name}"' for name in names)
    shared = {"period_key": f"{document['date']}#{metric['name']}", **provenance(document)}
    for rows in engine.batches(f"select {texts} from published", BATCH):
        yield [_item(metric, names, row, document["date"], shared) for row in rows]


def metric_key(name: str, value: str) -> str:
    """`genre_daily#rock`. What would be too long for a partition key ends in its SHA-256 instead of its rest; the item
    has the whole value in an attribute of its own.
    """
    key = f"{name}#{value}"
    if len(key.encode()) <= LONGEST_KEY:
        return key
    tail = f"…{sha256(value.encode()).hexdigest()}"
    return key.encode()[: LONGEST_KEY - len(tail.encode())].decode(errors="ignore") + tail


def vanished(engine: Engine, metric: Metric, older: Sequence[Path], newest: Path | None, date: str) -> list[Key]:
    """Keys that an older object of the metric and date has and the newest one has not."""
    if not older:
        return []
    columns = ", ".join(f'"{name}"' for name in [*key_columns(metric), "event_date"])
    source_of(engine, "older", older, metric)
    source_of(engine, "newest", [newest] if newest else [], metric)
    found = engine.query(f"select {columns} from older except select {columns} from newest")
    return [_key(metric, dict(zip(key_columns(metric), row, strict=False)), date) for row in found]


def source_of(engine: Engine, name: str, paths: Sequence[Path], metric: Metric) -> None:
    """The metric's objects as the relation `name`; without any: an empty one."""
    kinds = {"integer": "bigint", "text": "string", "json": "string"}
    keys = dict.fromkeys(key_columns(metric), "string")
    engine.source(name, paths, {"event_date": "date", **keys, **{k: kinds[v] for k, v in metric["fields"].items()}})


def key_columns(metric: Metric) -> list[str]:
    """The columns that tell a metric's items of one date apart."""
    return [*([metric["key"]] if metric["key"] else []), *(["as_of"] if metric["period"] == "as_of" else [])]


def _key(metric: Metric, values: dict[str, Any], date: str) -> Key:
    key = metric_key(metric["name"], values[metric["key"]]) if metric["key"] else metric["name"]
    return key, values["as_of"] if metric["period"] == "as_of" else date


def _item(metric: Metric, names: Sequence[str], row: Sequence[Any], date: str, shared: Item) -> Item:
    values = dict(zip(names, row, strict=True))
    partition, period = _key(metric, values, date)
    named = {metric["key"]: values[metric["key"]]} if metric["key"] else {}
    fields = {
        name: json.loads(values[name]) if kind == "json" else values[name] for name, kind in metric["fields"].items()
    }
    return {"metric_key": partition, "period": period, **named, **shared, **fields}
