"""Applying a date's change logs, in order, to the items it had gives the items it has."""

import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from oracle.model import Accepted
from support.change_logs import loaded_run, log_of
from support.kpi_world import KpiWorld
from support.uploads import uploads

from contracts.metric_key import metric_key
from contracts.metrics import metrics
from load.table import HEADER, Key
from load.table_memory import MemoryTable
from storage.store_directory import DirectoryStore

#: All dates of the uploads are over.
LATER = datetime(2018, 12, 1, tzinfo=timezone.utc)
Items = dict[Key, dict[str, Any]]


def items_of(table: MemoryTable, date: str) -> Items:
    """The fields of the date's items, by key of the table."""
    fields = {metric["name"]: metric["fields"] for metric in metrics()}
    return {
        key: {name: item[name] for name in fields[item["period_key"].partition("#")[2]]}
        for key, item in table.items.items()
        if key[0] != HEADER and item["period_key"].startswith(date)
    }


def applied(items: Items, changes: list[Any]) -> Items:
    found = dict(items)
    for change in changes:
        named = change["dimension"] is not None
        key = metric_key(change["metric"], change["dimension"]) if named else change["metric"], change["period"]
        had = found.pop(key, None)
        assert (had is None) == (change["old"] is None)
        assert had is None or change["old"] == {name: had[name] for name in change["old"]}
        if change["new"] is not None:
            found[key] = {**(had or {}), **change["new"]}
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(uploads, uploads.filter(bool))
def test_the_old_items_and_the_log_give_the_new_items(
    before: list[list[tuple[str, list[Accepted]]]], after: list[list[tuple[str, list[Accepted]]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = KpiWorld(DirectoryStore(Path(folder) / "store"), Path(folder) / "temp")
        table = MemoryTable()
        for files in [*before, *after]:
            dates = [period for name, period in table.items if name == HEADER]
            had = {date: (table.items[HEADER, date]["generation"], items_of(table, date)) for date in dates}
            loaded_run(world, table, dict(files), LATER)
            for date, (generation, items) in had.items():
                newest = table.items[HEADER, date]["generation"]
                head, changes = log_of(world, date, newest) if newest > generation else (None, [])
                assert head is None or head["previous_generation"] == generation
                assert applied(items, changes) == items_of(table, date)
                assert (head is None) == (items == items_of(table, date))
