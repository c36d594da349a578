"""Finds the items of a past date that a recomputation changed: the content of the change log (docs/state.md).

It compares Parquet objects, not the table: the table had the generation that its header names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from contracts import keys
from contracts.documents import Change, DateDocument
from contracts.metrics import Metric
from kpi.metric_columns import item_key, key_columns, object_columns, row_order
from load.items import BATCH
from load.nesting import Values, nested
from load.table import Item
from sql.session import Session


@dataclass(frozen=True)
class Baseline:
    """What the table had of a date when it was last complete. `objects`: metric → the object its items came from."""

    generation: int
    reference_version: str
    objects: Mapping[str, str]
    #: Metrics that had items and whose object is gone.
    gone: Sequence[str]


def baseline_of(header: Item | None, document: DateDocument, older: Mapping[str, Sequence[str]]) -> Baseline | None:
    """Returns what to compare the document's generation with. `older`: metric → the older objects still under kpis/.

    Returns None if the date is new to the table, was not over when it was computed, or is loaded once more.
    """
    # Only a header that was complete once has `since`; its generation is the completed one until the next is complete.
    if header is None or "since" not in header or header["generation"] >= document["generation"]:
        return None
    if document["date"] >= document["computed_at"][:10]:
        return None
    found = {
        metric: key
        for metric, listed in older.items()
        for key in listed
        if keys.generation_of_kpi(key) == header["generation"]
    }
    gone = sorted((set(header["items"]) & set(older)) - set(found))
    return Baseline(header["generation"], header["reference_version"], found, gone)


def changes(session: Session, metric: Metric, old: Path | None, new: Path | None, date: str) -> Iterator[Change]:
    """Yields the metric's items that are new, vanished or have other fields, by dimension and period."""
    for name, path in (("old", old), ("new", new)):
        session.parquet(name, [path] if path else [], object_columns(metric))
    rows = (row for batch in session.batches(_differing(metric), BATCH) for row in batch)
    for _, of_item in groupby(rows, key=itemgetter(0)):
        sides = {
            side: next(nested(metric, (row[2:] for row in of_side)))
            for side, of_side in groupby(of_item, key=itemgetter(1))
        }
        yield _change(metric, sides, date)


def _differing(metric: Metric) -> str:
    """Returns the SELECT of all rows, old and new, of the items of which not all rows are the same in both."""
    sides = " union all ".join(
        f"select {item_key(metric)} as item_key, '{s}' as side, * from {s}" for s in ("old", "new")
    )
    order = row_order(metric).removeprefix(" order by ")
    return f"""
        with differing as (
          select {item_key(metric)} as item_key
          from ((from old except all from new) union all (from new except all from old))
        )
        from ({sides})
        where item_key in (from differing)
        order by item_key, side{f", {order}" if order else ""}"""


def _change(metric: Metric, sides: Mapping[str, Values], date: str) -> Change:
    old, new = sides.get("old"), sides.get("new")
    named = {name: value for name, value in (old or new or {}).items() if name in key_columns(metric)}
    fields = [name for name in metric["fields"] if old is None or new is None or old[name] != new[name]]
    return {
        "kind": "change",
        "metric": metric["name"],
        "date": date,
        "dimension": named[metric["key"]] if metric["key"] else None,
        "period": named["as_of"] if metric["period"] == "as_of" else date,
        "old": {name: old[name] for name in fields} if old else None,
        "new": {name: new[name] for name in fields} if new else None,
    }
