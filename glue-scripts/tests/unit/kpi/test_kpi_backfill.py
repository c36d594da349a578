"""The kpi job on a backfill: exactly the requested dates, by the snapshot that run.json names."""

from collections.abc import Sequence
from typing import Any

import pytest
from support.kpi_world import REFERENCE, KpiWorld, row
from support.schema import assert_conforms

from contracts import keys
from jobs import archive, kpi, load
from jobs.context import JobError
from load.table_memory import MemoryTable
from storage.store import create_json, encode, read_json

D = "2018-11-15"
RUN = "20181121T120000000-0badcafe"


def backfill(bucket: KpiWorld, dates: Sequence[str], run: str = RUN) -> Any:
    """Writes a backfill's run.json and runs kpi. Returns its result."""
    head = {"schema_version": 1, "run_id": run, "created_at": "2018-11-21T12:00:00.000Z", "files": []}
    request = {
        "reference_changed": False,
        "dates": list(dates),
        "reference_version": REFERENCE,
        "why": "genres patched",
    }
    document = {**head, **request}
    assert_conforms(document, "RunDocument")
    create_json(bucket.store, keys.run_key(run), document)
    kpi.run(bucket.context("kpi", run))
    result = read_json(bucket.store, keys.result_key(run, "kpi"))
    assert_conforms(result, "KpiResult")
    return result


def day(bucket: KpiWorld, date: str) -> Any:
    return read_json(bucket.store, keys.date_key(date))


def test_exactly_the_requested_dates_are_computed_again(bucket: KpiWorld) -> None:
    kpi.run(bucket.context("kpi", bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]})))
    result = backfill(bucket, ["2018-11-16", D, D])
    assert [(found["date"], found["published"]) for found in result["dates"]] == [(D, True), ("2018-11-16", True)]
    assert [day(bucket, f"2018-11-{number}")["generation"] for number in (15, 16, 17)] == [2, 2, 1]
    assert bucket.published() == bucket.expected()


def test_a_date_counts_as_if_its_run_had_been_computed_now(bucket: KpiWorld) -> None:
    """Rows whose event ids another file has too, and objects that somebody removed from the documents of the dates."""
    rows = [row("u1", "t1", f"{D} 10:00:00", event_id="e1"), row("u2", "t2", f"{D} 11:00:00", event_id="e2")]
    kpi.run(bucket.context("kpi", bucket.validate({"streams/a.csv": rows})))
    kpi.run(
        bucket.context(
            "kpi", bucket.validate({"streams/b.csv": [row("u3", "t1", "2018-11-25 09:00:00", event_id="e1")]})
        )
    )
    wanted = bucket.published()
    for date in (D, "2018-11-25"):
        bucket.store.put(keys.date_key(date), encode({**day(bucket, date), "objects": {}}))
    backfill(bucket, [D, "2018-11-25"])
    assert bucket.published() == wanted == bucket.expected()


def test_a_date_whose_rows_are_all_gone_becomes_empty(bucket: KpiWorld) -> None:
    run = bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]})
    kpi.run(bucket.context("kpi", run))
    path = keys.file_key(keys.file_id("streams/a.csv"))
    document = read_json(bucket.store, path)
    document["versions"][0] |= {"state": "rejected", "dates": {}}
    bucket.store.put(path, encode(document))
    result = backfill(bucket, [D])
    assert (result["dates"][0]["ledger"]["accepted"], result["dates"][0]["items"]) == (0, {})
    assert day(bucket, D)["objects"] == {}


def test_a_date_without_rows_ends_like_any_other(bucket: KpiWorld) -> None:
    table = MemoryTable()
    backfill(bucket, ["2001-01-01"])
    load.run(bucket.context("load", RUN), table)
    assert [(key, item["complete"]) for key, item in table.items.items()] == [(("header", "2001-01-01"), True)]


def test_a_backfill_is_archived_with_its_kpis_and_the_reason_of_its_request(bucket: KpiWorld) -> None:
    table = MemoryTable()
    kpi.run(bucket.context("kpi", bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]})))
    backfill(bucket, [D])
    load.run(bucket.context("load", RUN), table)
    archive.run(bucket.context("archive", RUN))
    result = read_json(bucket.store, keys.result_key(RUN, "archive"))
    assert_conforms(result, "ArchiveResult")
    assert (result["files"], result["objects"] > 0) == ([], True)
    lineage = read_json(bucket.store, result["lineage_key"])
    assert (lineage["why"], lineage["requested_dates"], lineage["reference_version"]) == (
        "genres patched",
        [D],
        REFERENCE,
    )
    assert lineage["attempts"] == {"kpi": 1, "load": 1, "archive": 1}
    objects = lineage["dates"][D]["objects"].values()
    assert objects and all(bucket.store.head(found["archived_to"]) for found in objects)
    assert bucket.store.head("streams/a.csv") is not None


def test_a_run_without_validate_that_is_no_backfill_says_what_is_missing(bucket: KpiWorld) -> None:
    run = bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]})
    bucket.store.delete(keys.result_key(run, "validate"))
    with pytest.raises(JobError, match=r"validate/result\.json is missing and .* is no backfill; redrive validate"):
        kpi.run(bucket.context("kpi", run))
