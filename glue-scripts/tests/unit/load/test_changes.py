"""The change log: what a recomputation changed in the numbers of a past date, and what made it."""

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from support.change_logs import loaded_run, log_of
from support.kpi_world import KpiWorld, row

from contracts import keys
from jobs import kpi, load
from load.table import HEADER, Item
from load.table_memory import MemoryTable
from storage.store import change_json, read_json

D, NEXT = "2018-11-15", "2018-11-16"
FIRST = [row("u1", "t1", f"{D} 10:00:00"), row("u2", "t3", f"{D} 11:00:00")]
PATCHED = [row("u1", "t1", f"{D} 10:00:00"), row("u4", "t3", f"{D} 11:00:00")]


def of_metric(changes: list[Any], metric: str) -> list[Any]:
    return [(change["dimension"], change["old"], change["new"]) for change in changes if change["metric"] == metric]


def logs(bucket: KpiWorld) -> list[str]:
    return [info.key.removeprefix(keys.CHANGES_PREFIX) for info in bucket.store.list(keys.CHANGES_PREFIX)]


def test_what_is_new_is_no_change(bucket: KpiWorld, table: MemoryTable) -> None:
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    loaded_run(bucket, table, {"streams/b.csv": [row("u1", "t1", "2018-11-10 10:00:00")]})
    assert logs(bucket) == []


def test_a_correction_reports_old_and_new_and_what_made_it(bucket: KpiWorld, table: MemoryTable) -> None:
    loaded_run(bucket, table, {"streams/a.csv": FIRST, "streams/b.csv": []})
    run = loaded_run(
        bucket, table, {"streams/a.csv": PATCHED, "streams/c.csv": [row("u1", "t1", "2018-11-05 10:00:00")]}
    )
    head, changes = log_of(bucket, D, 2)
    named = {"run_id": run, "generation": 2, "previous_generation": 1, "date": D}
    assert {name: head[name] for name in named} == named
    assert head["files"] == [
        {"file_id": keys.file_id("streams/a.csv"), "key": "streams/a.csv", "version": 2, "why": None}
    ]
    assert of_metric(changes, "country_daily") == [
        ("DE", {"listen_count": 2, "unique_listeners": 2}, {"listen_count": 1, "unique_listeners": 1}),
        ("US", None, {"listen_count": 1, "unique_listeners": 1}),
    ]
    assert [(who, old is None, new is None) for who, old, new in of_metric(changes, "user_daily")] == [
        ("u2", False, True),
        ("u4", True, False),
    ]
    assert of_metric(changes, "daily_overview") == []


def test_only_the_fields_that_differ_are_reported_and_json_as_values(bucket: KpiWorld, table: MemoryTable) -> None:
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    loaded_run(bucket, table, {"streams/b.csv": [row("u1", "t3", f"{D} 12:00:00")]})
    _, changes = log_of(bucket, D, 2)
    ((genre, old, new),) = of_metric(changes, "genre_daily")
    assert (genre, old["listen_count"], new["listen_count"], "skip_count" in new) == ("jazz", 1, 2, False)
    assert [song["listen_count"] for song in old["top_songs"] + new["top_songs"]] == [1, 2]


def test_dates_in_reach_are_reported_with_the_file_that_reaches_them(bucket: KpiWorld, table: MemoryTable) -> None:
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    loaded_run(bucket, table, {"streams/a.csv": PATCHED[:1]})
    assert logs(bucket) == [f"{D}/000000000002.jsonl.gz", f"{NEXT}/000000000002.jsonl.gz"]
    head, changes = log_of(bucket, NEXT, 2)
    assert [file["key"] for file in head["files"]] == ["streams/a.csv"]
    assert {(change["metric"], change["period"][:11]) for change in changes} == {("trending_24h", f"{NEXT}T")}


def test_nothing_changed_nothing_written(bucket: KpiWorld, table: MemoryTable) -> None:
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    loaded_run(bucket, table, {"streams/b.csv": FIRST})
    assert table.items[HEADER, D]["generation"] == 2
    assert logs(bucket) == []


def test_a_date_that_is_not_over_has_no_past(bucket: KpiWorld, table: MemoryTable) -> None:
    during = datetime(2018, 11, 15, 23, 59, tzinfo=timezone.utc)
    loaded_run(bucket, table, {"streams/a.csv": FIRST}, during)
    loaded_run(bucket, table, {"streams/a.csv": PATCHED}, during)
    assert logs(bucket) == []
    loaded_run(bucket, table, {"streams/a.csv": FIRST}, datetime(2018, 11, 16, tzinfo=timezone.utc))
    assert logs(bucket) == [f"{D}/000000000003.jsonl.gz"]


class Stopped(MemoryTable):
    """Stops when a date is to be completed, as often as reported."""

    def __init__(self) -> None:
        super().__init__()
        self.stops = 0

    def complete(self, date: str, generation: int, header: Item) -> None:
        if self.stops:
            self.stops -= 1
            raise RuntimeError("stopped")
        super().complete(date, generation, header)


def test_a_load_that_died_is_compared_with_what_the_header_still_names(bucket: KpiWorld) -> None:
    table = Stopped()
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    table.stops = 3
    with pytest.raises(RuntimeError):
        loaded_run(bucket, table, {"streams/a.csv": PATCHED})
    before = {
        key: bucket.store.read(info.key) for info in bucket.store.list("processed/changes/") for key in [info.key]
    }
    load.run(bucket.context("load", "20181120T120000002-00000002", 2), table)
    assert before[f"processed/changes/{D}/000000000002.jsonl.gz"] == bucket.store.read(keys.changes_key(D, 2))
    head, changes = log_of(bucket, D, 2)
    assert head["previous_generation"] == 1
    assert [who for who, _, _ in of_metric(changes, "user_daily")] == ["u2", "u4"]


def test_a_generation_that_was_overtaken_is_separated_from_those_that_counted(bucket: KpiWorld) -> None:
    """A log is that of its generation only if no later one is compared with the same older generation."""
    table = Stopped()
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    table.stops = 3
    with pytest.raises(RuntimeError):
        loaded_run(bucket, table, {"streams/a.csv": PATCHED})
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    head, changes = log_of(bucket, D, 3)
    assert (head["previous_generation"], changes) == (1, [])
    assert log_of(bucket, D, 2)[0]["previous_generation"] == 1


def test_objects_that_the_lifecycle_took_are_said_to_be_gone(
    bucket: KpiWorld, table: MemoryTable, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    (gone,) = bucket.store.list(f"kpis/metric=user_daily/event_date={D}/")
    bucket.store.delete(gone.key)
    loaded_run(bucket, table, {"streams/a.csv": PATCHED})
    _, changes = log_of(bucket, D, 2)
    assert of_metric(changes, "user_daily") == [] != of_metric(changes, "country_daily")
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["metrics"] for line in said if line["event"] == "changes_unknown"] == [["user_daily"]]
    assert table.items[HEADER, D]["complete"]


def test_a_replay_says_why(bucket: KpiWorld, table: MemoryTable) -> None:
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    run = bucket.validate({"streams/a.csv": PATCHED})

    def replayed(document: Any) -> Any:
        document["versions"][1]["replay"] = {"of": 1, "cause": "request:x", "why": "u2 was u4"}
        return document

    change_json(bucket.store, keys.file_key(keys.file_id("streams/a.csv")), replayed)
    kpi.run(bucket.context("kpi", run))
    load.run(bucket.context("load", run), table)
    assert [file["why"] for file in log_of(bucket, D, 2)[0]["files"]] == ["u2 was u4"]


def test_a_run_without_files_names_none(bucket: KpiWorld, table: MemoryTable) -> None:
    """A backfill has no validate result."""
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    run = bucket.validate({"streams/a.csv": PATCHED})
    kpi.run(bucket.context("kpi", run))
    bucket.store.delete(keys.result_key(run, "validate"))
    load.run(bucket.context("load", run), table)
    head, changes = log_of(bucket, D, 2)
    assert head["files"] == [] and changes


def test_an_event_id_that_another_date_has_changes_nothing_and_names_no_file(
    bucket: KpiWorld, table: MemoryTable
) -> None:
    loaded_run(bucket, table, {"streams/b.csv": [row("u1", "t1", f"{D} 10:00:00", event_id="e1")]})
    loaded_run(bucket, table, {"streams/a.csv": [row("u1", "t1", "2018-11-05 10:00:00", event_id="e1")]})
    assert log_of(bucket, D, 2) == (None, [])
    assert table.items[HEADER, D]["generation"] == 1


def test_the_header_says_how_many_items_the_date_has(bucket: KpiWorld, table: MemoryTable) -> None:
    loaded_run(bucket, table, {"streams/a.csv": FIRST})
    document = read_json(bucket.store, keys.date_key(D))
    header = table.items[HEADER, D]
    assert header["items"] == {metric: found["items"] for metric, found in document["objects"].items()}
