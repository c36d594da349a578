"""Which published numbers of a past date a recomputation changed: the content of the change log (docs/state.md).

It compares Parquet objects, not the table: what the table had is the generation that its header names.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.documents import Change, DateDocument
from contracts.metrics import Metric
from engines import Engine
from kpi.generation import generation_of
from load.items import BATCH, key_columns, source_of
from load.table import Item

Fields = dict[str, Any]


@dataclass(frozen=True)
class Baseline:
    """What the table had of a date when it was last complete: metric → the object its items came from."""

    generation: int
    reference_version: str
    objects: Mapping[str, str]
    #: Metrics that had items and whose object is gone.
    gone: Sequence[str]


def baseline_of(header: Item | None, document: DateDocument, older: Mapping[str, Sequence[str]]) -> Baseline | None:
    """What to compare the document's generation with. `older`: metric → the older objects still under kpis/.

    None where the date is new to the table, was not over when it was computed, or is loaded once more.
    """
    # Only a header that was complete once has `since`; its generation is the completed one until the next is complete.
    if header is None or "since" not in header or header["generation"] >= document["generation"]:
        return None
    if document["date"] >= document["computed_at"][:10]:
        return None
    found = {
        metric: key for metric, listed in older.items() for key in listed if generation_of(key) == header["generation"]
    }
    # A header from before there was `items`: a date with rows has an overview.
    had = header.get("items", {"daily_overview": 1} if header["ledger"]["accepted"] else {})
    gone = sorted((set(had) & set(older)) - set(found))
    return Baseline(header["generation"], header["reference_version"], found, gone)


def changes(engine: Engine, metric: Metric, old: Path | None, new: Path | None, date: str) -> Iterator[Change]:
    """The metric's items that are new, vanished or have other fields, by dimension and period."""
    for name, path in (("old", old), ("new", new)):
        source_of(engine, name, [path] if path else [], metric)
    for rows in engine.batches(_differing(metric), BATCH):
        yield from (change for row in rows if (change := _change(metric, row, date)))


def _differing(metric: Metric) -> str:
    """Grain: one row per item that is not the same in `old` and `new`. Columns: its key, whether it is in either, then
    the fields of both."""
    names, fields = key_columns(metric), list(metric["fields"])
    same = " and ".join(f'old."{name}" = new."{name}"' for name in ["event_date", *names])
    differ = " or ".join(f'old."{name}" is distinct from new."{name}"' for name in fields)
    shown = [f'coalesce(old."{name}", new."{name}") as "{name}"' for name in names]
    shown += [f"{side}.event_date is not null as in_{side}" for side in ("old", "new")]
    shown += [f'{side}."{name}" as {side}_{place}' for side in ("old", "new") for place, name in enumerate(fields)]
    order = ", ".join(f'"{name}"' for name in [*names, "in_old"])
    return (
        f"select {', '.join(shown)} from old full outer join new on {same}"
        f" where old.event_date is null or new.event_date is null or {differ} order by {order}"
    )


def _change(metric: Metric, row: Sequence[Any], date: str) -> Change | None:
    """None where two JSON texts have the same value."""
    names, fields = key_columns(metric), metric["fields"]
    named = dict(zip(names, row, strict=False))
    in_old, in_new, *values = row[len(names) :]
    old = _fields(metric, values[: len(fields)]) if in_old else None
    new = _fields(metric, values[len(fields) :]) if in_new else None
    if old is not None and new is not None:
        differing = [name for name in fields if old[name] != new[name]]
        if not differing:
            return None
        old, new = {name: old[name] for name in differing}, {name: new[name] for name in differing}
    return {
        "kind": "change",
        "metric": metric["name"],
        "date": date,
        "dimension": named[metric["key"]] if metric["key"] else None,
        "period": named["as_of"] if metric["period"] == "as_of" else date,
        "old": old,
        "new": new,
    }


def _fields(metric: Metric, values: Sequence[Any]) -> Fields:
    return {
        name: json.loads(value) if kind == "json" and value is not None else value
        for (name, kind), value in zip(metric["fields"].items(), values, strict=True)
    }
