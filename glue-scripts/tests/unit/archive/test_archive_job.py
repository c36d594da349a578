"""The archive job copies and verifies everything, then deletes exactly the archived versions."""

import pytest
from support.archiving import ROWS, D, archived, change, listed, through_load, version
from support.kpi_world import KpiWorld, row
from support.schema import assert_conforms

from contracts import keys
from jobs import kpi, load
from load.table_memory import MemoryTable
from storage.store import read_json


def test_raw_files_rows_and_kpis_are_archived_under_the_day_of_the_run(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    size = version(bucket, "streams/a.csv")["size"]
    result = archived(bucket, run)
    assert_conforms(result, "ArchiveResult")
    prefix = f"archived/2018/11/20/{run}/"
    assert result["archive_prefix"] == prefix
    assert (result["files"][0]["bytes"], result["files"][0]["deleted"]) == (size, True)
    found = listed(bucket, prefix)
    assert f"{prefix}raw/streams/a.csv" in found
    assert sum("/validated/event_date=" in key for key in found) == 2
    assert sum("/kpis/metric=" in key for key in found) == result["objects"] - 3
    assert listed(bucket, "streams/") == []


def test_the_document_of_a_file_records_the_archived_copy(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    archived(bucket, run)
    document = read_json(bucket.store, keys.file_key(keys.file_id("streams/a.csv")))
    assert_conforms(document, "FileDocument")
    entry = version(bucket, "streams/a.csv")
    assert (entry["state"], entry["archived_to"]) == ("archived", f"archived/2018/11/20/{run}/raw/streams/a.csv")


def test_the_lineage_connects_a_file_with_its_items(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    lineage = read_json(bucket.store, archived(bucket, run)["lineage_key"])
    assert lineage is not None
    (file,) = lineage["files"]
    assert (file["key"], file["dates"], len(file["rows"])) == ("streams/a.csv", {D: 1, "2018-11-16": 1}, 2)
    day = lineage["dates"][D]
    assert (day["generation"], day["published"], day["loaded"]["generation"]) == (1, True, 1)
    assert day["objects"]["user_daily"]["items"] == 1
    assert day["objects"]["user_daily"]["archived_to"].startswith("archived/2018/11/20/")
    assert lineage["attempts"] == {"ingest": 1, "validate": 1, "kpi": 1, "load": 1, "archive": 1}


@pytest.mark.parametrize("state", ["held", "rejected", "waiting"])
def test_held_rejected_and_waiting_files_stay_and_are_in_the_lineage(bucket: KpiWorld, state: str) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS, "streams/bad.csv": [row("u1", "t2", f"{D} 12:00:00")]})
    change(bucket, "streams/bad.csv", state=state)
    result = archived(bucket, run)
    assert [file["key"] for file in result["files"]] == ["streams/a.csv"]
    assert listed(bucket, "streams/") == ["streams/bad.csv"]
    lineage = read_json(bucket.store, result["lineage_key"])
    assert lineage is not None
    states = {file["key"]: (file["state"], file["archived_to"] is None) for file in lineage["files"]}
    assert states["streams/bad.csv"] == (state, True)


def test_a_superseded_version_is_archived_and_stays_superseded(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    change(bucket, "streams/a.csv", state="superseded", committed_by=None, dates={})
    archived(bucket, run)
    entry = version(bucket, "streams/a.csv")
    assert (entry["state"], entry["archived_to"] is None) == ("superseded", False)
    assert listed(bucket, "streams/") == []


def test_a_newer_version_of_an_archived_file_stays(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    bucket.store.put("streams/a.csv", b"newer content")
    archived(bucket, run)
    assert bucket.store.read("streams/a.csv")[0] == b"newer content"


def test_repeats_of_an_archived_version_are_deleted_with_it(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    body, _ = bucket.store.read("streams/a.csv")
    bucket.store.put("streams/a.csv", body)
    again = bucket.store.head("streams/a.csv")
    assert again is not None
    change(bucket, "streams/a.csv", repeats=[again.version_id])
    archived(bucket, run)
    assert listed(bucket, "streams/") == []
    assert bucket.store.head("streams/a.csv", again.version_id) is None


def test_a_file_of_another_run_is_not_archived(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    change(bucket, "streams/a.csv", run_id="20181121T000000000-00000000")
    assert archived(bucket, run)["files"] == []
    assert listed(bucket, "streams/") == ["streams/a.csv"]


def test_kpis_that_a_newer_generation_replaced_have_no_archived_copy_in_the_lineage(bucket: KpiWorld) -> None:
    table = MemoryTable()
    first = bucket.validate({"streams/a.csv": ROWS})
    kpi.run(bucket.context("kpi", first))
    second = bucket.validate({"streams/b.csv": [row("u3", "t2", f"{D} 12:00:00")]})
    kpi.run(bucket.context("kpi", second))
    for run in (first, second):
        load.run(bucket.context("load", run), table)
    lineage = read_json(bucket.store, archived(bucket, first)["lineage_key"])
    assert lineage is not None
    day = lineage["dates"][D]
    assert (day["generation"], day["loaded"]["generation"], day["objects"]["user_daily"]["archived_to"]) == (1, 2, None)
