"""Turns the Parquet objects of a date into the items of the table (docs/kpis.md, "The table")."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from contracts.documents import DateDocument
from contracts.metric_key import metric_key
from contracts.metrics import Metric
from kpi.metric_columns import item_key, key_columns, object_columns, row_order
from load.nesting import Values, nested
from load.table import Item, Key
from sql.session import Session

#: Items at a time, so that memory does not grow with the number of users.
BATCH = 5_000


def provenance(document: DateDocument) -> Item:
    """Returns the attributes that say where an item comes from."""
    return {
        "generation": document["generation"],
        "run_id": document["run_id"],
        "reference_version": document["reference_version"],
        "computed_at": document["computed_at"],
    }


def items(session: Session, metric: Metric, path: Path, document: DateDocument) -> Iterator[list[Item]]:
    """Yields the items of one metric on one date, in batches."""
    session.parquet("published", [path], object_columns(metric))
    batches = session.batches(f"from published{row_order(metric)}", BATCH)
    found = nested(metric, (row for batch in batches for row in batch))
    shared = {"period_key": f"{document['date']}#{metric['name']}", **provenance(document)}
    while batch := [_item(metric, values, document["date"], shared) for values in islice(found, BATCH)]:
        yield batch


def vanished(session: Session, metric: Metric, older: Sequence[Path], newest: Path | None, date: str) -> list[Key]:
    """Returns the keys that an older object of the metric and date has and the newest one has not."""
    if not older:
        return []
    session.parquet("older", older, object_columns(metric))
    session.parquet("newest", [newest] if newest else [], object_columns(metric))
    key = item_key(metric)
    found = session.query(f"select {key} from older except select {key} from newest")
    return [_key(metric, dict(zip(key_columns(metric), values, strict=True)), date) for (values,) in found]


def _key(metric: Metric, values: Values, date: str) -> Key:
    partition = metric_key(metric["name"], values[metric["key"]] if metric["key"] else None)
    return partition, values["as_of"] if metric["period"] == "as_of" else date


def _item(metric: Metric, values: Values, date: str, shared: Item) -> Item:
    partition, period = _key(metric, values, date)
    attributes = {name: value for name, value in values.items() if name != "as_of"}
    return {"metric_key": partition, "period": period, **shared, **attributes}
