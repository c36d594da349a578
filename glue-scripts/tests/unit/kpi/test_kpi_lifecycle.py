"""The kpi job on dates whose validated objects the bucket's lifecycle has taken."""

from typing import Any

import pytest
from oracle.model import Accepted
from support.kpi_world import KpiWorld, row

from contracts import keys
from jobs import archive, kpi, load
from kpi.current_files import RowsGoneError
from load.table_memory import MemoryTable
from storage.store import encode, read_json

D = "2018-11-15"
FAR = "2018-11-25"


def through(bucket: KpiWorld, table: MemoryTable, files: dict[str, list[Accepted]]) -> str:
    run = bucket.validate(files)
    kpi.run(bucket.context("kpi", run))
    load.run(bucket.context("load", run), table)
    archive.run(bucket.context("archive", run))
    return run


def expire(bucket: KpiWorld, prefix: str = "validated/") -> None:
    """What the lifecycle does after 90 days."""
    for info in list(bucket.store.list(prefix)):
        bucket.store.delete(info.key)


def day(bucket: KpiWorld, date: str = D) -> Any:
    return read_json(bucket.store, keys.date_key(date))


def accepted(bucket: KpiWorld, date: str = D) -> int:
    return int(day(bucket, date)["ledger"]["accepted"])


def ids(*names: str) -> list[str]:
    return sorted(keys.file_id(name) for name in names)


def test_a_date_names_the_files_it_was_computed_from(bucket: KpiWorld, table: MemoryTable) -> None:
    files = {
        "streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")],
        "streams/b.csv": [row("u2", "t1", f"{D} 10:00:00"), row("u2", "t1", "2018-11-16 10:00:00")],
    }
    through(bucket, table, files)
    assert [day(bucket, f"2018-11-{n}")["files"] for n in (15, 16, 17, 18)] == [
        ids("streams/a.csv", "streams/b.csv"),
        ids("streams/b.csv"),
        [],
        [],
    ]


def test_a_date_names_only_the_files_with_rows_on_it_though_event_ids_are_reused(
    bucket: KpiWorld, table: MemoryTable
) -> None:
    through(bucket, table, {"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00", event_id="e1")]})
    b = [row("u1", "t1", f"{FAR} 10:00:00", event_id="e1"), row("u1", "t1", "2018-11-26 10:00:00", event_id="e2")]
    through(bucket, table, {"streams/b.csv": b})
    expected = [ids("streams/a.csv"), ids("streams/b.csv"), ids("streams/b.csv")]
    assert [day(bucket, date)["files"] for date in (D, FAR, "2018-11-26")] == expected


@pytest.mark.parametrize("late", [D, "2018-11-16", "2018-11-17", "2018-11-13"])
def test_a_late_file_joins_what_the_lifecycle_took(bucket: KpiWorld, table: MemoryTable, late: str) -> None:
    through(bucket, table, {"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00"), row("u2", "t3", f"{D} 23:00:00")]})
    through(bucket, table, {"streams/b.csv": [row("u3", "t2", "2018-11-16 01:00:00")]})
    expire(bucket)
    for name in ("streams/late.csv", "streams/later.csv"):
        through(bucket, table, {name: [row("u4", "t2", f"{late} {12 + len(name) % 7}:00:00")]})
        assert bucket.published() == bucket.expected()


def test_a_correction_replaces_what_the_lifecycle_took(bucket: KpiWorld, table: MemoryTable) -> None:
    through(bucket, table, {"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00", event_id="e1")]})
    through(bucket, table, {"streams/b.csv": [row("u2", "t1", f"{D} 11:00:00", event_id="e2")]})
    expire(bucket)
    through(bucket, table, {"streams/a.csv": [row("u3", "t1", "2018-11-16 10:00:00", event_id="e3")]})
    assert (accepted(bucket), accepted(bucket, "2018-11-16")) == (1, 1)
    assert bucket.published() == bucket.expected()


def test_one_object_of_many_that_is_missing_is_read_from_the_archive(bucket: KpiWorld, table: MemoryTable) -> None:
    run = through(bucket, table, {"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]})
    through(bucket, table, {"streams/b.csv": [row("u2", "t1", f"{D} 11:00:00")]})
    bucket.store.delete(keys.validated_key(D, keys.file_id("streams/a.csv"), 1, f"{run}-1"))
    through(bucket, table, {"streams/late.csv": [row("u3", "t1", f"{D} 12:00:00")]})
    assert accepted(bucket) == 3
    assert bucket.published() == bucket.expected()


@pytest.mark.parametrize("is_named", [True, False])
def test_rows_gone_from_the_archive_too_stop_the_job_before_anything(
    bucket: KpiWorld, table: MemoryTable, is_named: bool
) -> None:
    run = through(bucket, table, {"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]})
    before = day(bucket)
    if not is_named:
        # The document of the date does not name the file, but the listing has an object of it.
        bucket.store.put(keys.date_key(D), encode({**before, "files": []}))
        key = keys.validated_key(D, keys.file_id("streams/a.csv"), 1, "20181101T000000000-00000000-1")
        bucket.store.put(key, b"rows of an attempt that was not committed")
    validated = keys.validated_key(D, keys.file_id("streams/a.csv"), 1, f"{run}-1")
    bucket.store.delete(validated)
    bucket.store.delete(keys.archived_rows_key(run, validated))
    late = bucket.validate({"streams/late.csv": [row("u3", "t1", f"{D} 12:00:00")]})
    with pytest.raises(RowsGoneError, match=rf"1 rows of streams/a.csv \(version 1\) on {D}.*then redrive kpi"):
        kpi.run(bucket.context("kpi", late))
    assert day(bucket)["generation"] == before["generation"]
    assert {"generation=000000000001" in info.key for info in bucket.store.list("kpis/")} == {True}
    # The remedy that the error names works.
    through(bucket, table, {"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00"), row("u1", "t1", f"{D} 10:00:01")]})
    kpi.run(bucket.context("kpi", late, 2))
    assert bucket.published() == bucket.expected()


def test_an_event_id_counts_on_every_date_that_has_it_also_once_rows_expired(
    bucket: KpiWorld, table: MemoryTable
) -> None:
    through(bucket, table, {"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00", event_id="e1")]})
    through(bucket, table, {"streams/b.csv": [row("u1", "t2", f"{FAR} 10:00:00", event_id="e1")]})
    expire(bucket)
    through(bucket, table, {"streams/late.csv": [row("u2", "t2", f"{FAR} 12:00:00")]})
    assert day(bucket, FAR)["ledger"] == {"accepted": 2, "counted": 2, "skipped": 0, "duplicate": 0}
    assert bucket.published() == bucket.expected()


def test_a_duplicate_counts_once_the_file_before_it_is_corrected_though_rows_expired(
    bucket: KpiWorld, table: MemoryTable
) -> None:
    same = row("u1", "t1", f"{D} 10:00:00", event_id="e1")
    through(bucket, table, {"streams/a.csv": [same], "streams/b.csv": [same]})
    assert day(bucket)["ledger"]["duplicate"] == 1
    expire(bucket)
    through(bucket, table, {"streams/a.csv": [row("u3", "t1", f"{FAR} 10:00:00", event_id="e9")]})
    assert day(bucket)["ledger"] == {"accepted": 1, "counted": 1, "skipped": 0, "duplicate": 0}
    assert bucket.published() == bucket.expected()


def test_a_replaced_version_of_which_nothing_is_left_does_not_hold_up_its_correction(
    bucket: KpiWorld, table: MemoryTable
) -> None:
    through(bucket, table, {"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00", event_id="e1")]})
    expire(bucket)
    expire(bucket, "archived/")
    through(bucket, table, {"streams/a.csv": [row("u3", "t1", f"{D} 10:00:00", event_id="e9")]})
    assert bucket.published() == bucket.expected()
