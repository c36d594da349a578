"""Nests the flat rows of a metric's object into items, by the contract: rows of one item become entries of lists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from contracts.generated.lists import EntryColumn
from contracts.metrics import Metric, list_fields
from kpi.metric_columns import key_columns, object_columns

#: The key columns and fields of an item.
Values = dict[str, Any]


def nested(metric: Metric, rows: Iterable[Sequence[Any]]) -> Iterator[Values]:
    """Yields the items of rows that have the metric's object columns and its row order."""
    names, keys = list(object_columns(metric)), list(key_columns(metric))
    for _, group in groupby(rows, key=lambda row: tuple(row[: len(keys)])) if list_fields(metric) else _apart(rows):
        found = [dict(zip(names, row, strict=True)) for row in group]
        yield {**{name: found[0][name] for name in keys}, **_fields(metric, found)}


def _apart(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[None, list[Sequence[Any]]]]:
    return ((None, [row]) for row in rows)


def _fields(metric: Metric, rows: Sequence[Values]) -> Values:
    lists = list_fields(metric)
    return {name: _entries(lists[name], rows) if name in lists else rows[0][name] for name in metric["fields"]}


def _entries(columns: Mapping[str, EntryColumn], rows: Sequence[Values]) -> list[Values]:
    """Returns a list's entries. A row whose entry columns are all null has none."""
    entries = ({name: row[entry["column"]] for name, entry in columns.items()} for row in rows)
    return [entry for entry in entries if any(value is not None for value in entry.values())]
