"""The kpi job: which dates it computes, which rows count, what it publishes and when it publishes nothing."""

import json
from typing import Any

import pytest
from support.kpi_world import KpiWorld, row
from support.schema import assert_conforms

from contracts import keys
from jobs import kpi
from jobs.context import JobError
from kpi import compute
from kpi.generation import draw_generation
from kpi.published import publish_date, read_date
from storage.store import read_json

D = "2018-11-15"


def computed(bucket: KpiWorld, run: str, attempt: int = 1) -> Any:
    kpi.run(bucket.context("kpi", run, attempt))
    return read_json(bucket.store, keys.result_key(run, "kpi"))


def ledgers(bucket: KpiWorld) -> dict[str, tuple[int, ...]]:
    found = [read_json(bucket.store, info.key) for info in bucket.store.list(keys.DATES_PREFIX)]
    return {day["date"]: tuple(day["ledger"].values()) for day in found if day}


def test_a_date_and_the_two_after_it_are_computed_and_conform_to_the_contract(bucket: KpiWorld) -> None:
    result = computed(bucket, bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]}))
    assert_conforms(result, "KpiResult")
    assert [day["date"] for day in result["dates"]] == ["2018-11-15", "2018-11-16", "2018-11-17"]
    for day in result["dates"]:
        assert_conforms(read_json(bucket.store, keys.date_key(day["date"])), "DateDocument")
    assert result["dates"][1]["items"] == {"trending_24h": 10}
    assert (result["dates"][2]["items"], result["dates"][2]["ledger"]["accepted"]) == ({}, 0)


def test_objects_carry_generation_run_and_attempt_in_their_names(bucket: KpiWorld) -> None:
    run = bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]})
    computed(bucket, run, attempt=3)
    day = read_date(bucket.store, D)
    assert day is not None
    key = f"kpis/metric=genre_daily/event_date={D}/generation=000000000001-{run}-3.parquet"
    assert day["objects"]["genre_daily"] == {"key": key, "items": 1}


def test_a_committed_run_does_nothing_again(bucket: KpiWorld) -> None:
    run = bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]})
    first = computed(bucket, run)
    assert computed(bucket, run, attempt=2) == first
    assert draw_generation(bucket.store) == 2


def test_of_a_row_in_several_files_the_one_of_the_first_key_by_bytes_counts(bucket: KpiWorld) -> None:
    files = {
        "streams/ä.csv": [row("u1", "t1", f"{D} 10:00:00", ms_played=3)],
        "streams/z.csv": [row("u1", "t1", f"{D} 10:00:00", ms_played=50_000)],
        "streams/Z.csv": [row("u1", "t1", f"{D} 10:00:00", ms_played=40_000)],
    }
    computed(bucket, bucket.validate(files))
    assert ledgers(bucket)[D] == (3, 1, 0, 2)
    assert bucket.published()["user_daily"][0]["total_listening_ms"] == 40_000


def test_a_correction_replaces_the_old_rows_on_every_date_either_has(bucket: KpiWorld) -> None:
    computed(bucket, bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]}))
    computed(bucket, bucket.validate({"streams/a.csv": [row("u1", "t1", "2018-11-18 10:00:00")]}))
    assert ledgers(bucket)[D] == (0, 0, 0, 0)
    emptied = read_date(bucket.store, D)
    assert emptied is not None and emptied["objects"] == {} and emptied["generation"] == 2
    assert bucket.published() == bucket.expected()


def test_an_event_id_that_names_other_rows_removes_none_of_them(bucket: KpiWorld) -> None:
    late = row("u1", "t1", "2018-11-25 10:00:00", event_id="e1")
    computed(bucket, bucket.validate({"streams/b.csv": [late, row("u2", "t1", "2018-11-25 11:00:00", event_id="e1")]}))
    early = bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00", event_id="e1")]})
    result = computed(bucket, early)
    assert [day["date"] for day in result["dates"]] == [D, "2018-11-16", "2018-11-17"]
    assert ledgers(bucket)["2018-11-25"] == (2, 2, 0, 0)
    assert bucket.published() == bucket.expected()


def test_a_duplicate_counts_once_the_file_before_it_is_corrected(bucket: KpiWorld) -> None:
    both = {
        "streams/a.csv": [row("u1", "t1", f"{D} 10:00:00", event_id="e1")],
        "streams/b.csv": [row("u1", "t1", f"{D} 10:00:00", event_id="e1")],
    }
    computed(bucket, bucket.validate(both))
    assert ledgers(bucket)[D] == (2, 1, 0, 1)
    computed(bucket, bucket.validate({"streams/a.csv": [row("u3", "t1", f"{D} 10:00:00", event_id="e1")]}))
    assert ledgers(bucket)[D] == (2, 2, 0, 0)
    assert bucket.published() == bucket.expected()


def test_a_named_row_and_the_same_listen_without_a_name_are_two_rows(bucket: KpiWorld) -> None:
    files = {
        "streams/a.csv": [row("u1", "t1", f"{D} 10:00:00", event_id="e1")],
        "streams/b.csv": [row("u1", "t1", f"{D} 10:00:00")],
    }
    computed(bucket, bucket.validate(files))
    assert ledgers(bucket)[D] == (2, 2, 0, 0)


def test_an_older_generation_does_not_replace_a_newer_one(bucket: KpiWorld) -> None:
    computed(bucket, bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]}))
    newest = read_date(bucket.store, D)
    assert newest is not None
    assert publish_date(bucket.store, {**newest, "generation": 9})
    result = computed(bucket, bucket.validate({"streams/b.csv": [row("u2", "t1", f"{D} 10:00:00")]}))
    assert [day["published"] for day in result["dates"]] == [False, True, True]
    assert read_date(bucket.store, D) == {**newest, "generation": 9}


def test_a_date_that_does_not_balance_fails_before_anything_is_published(bucket: KpiWorld) -> None:
    run = bucket.validate({"streams/a.csv": [row("u1", "t1", f"{D} 10:00:00")]})
    name = keys.file_key(keys.file_id("streams/a.csv"))
    document = read_json(bucket.store, name)
    assert document is not None
    document["versions"][0]["dates"][D] = 2
    bucket.store.put(name, json.dumps(document).encode())
    with pytest.raises(JobError, match=f"The ledger of {D} does not balance"):
        computed(bucket, run)
    assert list(bucket.store.list(keys.DATES_PREFIX)) == list(bucket.store.list("kpis/")) == []


def test_partitions_by_user_add_up_to_the_whole_date(bucket: KpiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        row(f"u{n % 4 + 1}", f"t{n % 3 + 1}", f"2018-11-{15 + n % 2} {n % 24:02d}:{n // 24:02d}:00") for n in range(100)
    ]
    run = bucket.validate({"streams/a.csv": rows[:60], "streams/b.csv": rows[40:]})
    # About sixty accepted rows a date: seven partitions.
    monkeypatch.setattr(compute, "ROWS_OF_PARTITION", 9)
    computed(bucket, run)
    assert bucket.published() == bucket.expected()
