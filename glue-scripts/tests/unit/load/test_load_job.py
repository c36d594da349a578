"""The load job: the table equals what is published, whoever published it and whatever was there before."""

from typing import Any

import pytest
from oracle.model import Accepted
from support.kpi_world import KpiWorld, row, shown
from support.schema import assert_conforms

from contracts import keys
from jobs import kpi, load
from kpi.published import read_date
from load.date_loader import LoadError
from load.table import HEADER, Item, OvertakenError, Writes
from load.table_memory import MemoryTable
from storage.store import read_json

D = "2018-11-15"


def computed(bucket: KpiWorld, files: dict[str, list[Accepted]]) -> str:
    run = bucket.validate(files)
    kpi.run(bucket.context("kpi", run))
    return run


def loaded(bucket: KpiWorld, run: str, table: MemoryTable, attempt: int = 1) -> Any:
    load.run(bucket.context("load", run, attempt), table)
    return read_json(bucket.store, keys.result_key(run, "load"))


ROWS = [row("u1", "t1", f"{D} 10:00:00", device_type="tv"), row("u2", "t3", f"{D} 11:00:00", ms_played=5)]


def test_the_table_equals_the_oracle_and_every_item_says_where_it_comes_from(bucket: KpiWorld) -> None:
    table = MemoryTable()
    run = computed(bucket, {"streams/a.csv": ROWS})
    result = loaded(bucket, run, table)
    assert_conforms(result, "LoadResult")
    assert shown(table) == bucket.expected()
    given = {"generation": 1, "run_id": run, "reference_version": "20181101T000000000-00000000"}
    for item in table.items.values():
        assert {name: item[name] for name in given} == given and item["computed_at"].endswith("Z")
    assert sum(date["written"] for date in result["dates"]) == len(table.items) - len(result["dates"])


def test_keys_are_those_of_the_table_of_kpis_md(bucket: KpiWorld) -> None:
    table = MemoryTable()
    loaded(bucket, computed(bucket, {"streams/a.csv": ROWS}), table)
    assert table.items["genre_daily#rock", D]["period_key"] == f"{D}#genre_daily"
    assert table.items["genre_daily#rock", D]["genre"] == "rock"
    assert table.items["trending_24h", "2018-11-16T10:00:00Z"]["period_key"] == "2018-11-16#trending_24h"
    header = table.items[HEADER, D]
    assert header["complete"] and header["ledger"] == {"accepted": 2, "counted": 1, "skipped": 1, "duplicate": 0}
    assert header["since"] == "2018-11-20T12:00:00.000Z"


def test_what_vanished_is_removed_and_older_objects_too(bucket: KpiWorld) -> None:
    table = MemoryTable()
    loaded(bucket, computed(bucket, {"streams/a.csv": ROWS}), table)
    of_date = [item for item in table.items.values() if item.get("period_key", "").startswith(f"{D}#")]
    result = loaded(bucket, computed(bucket, {"streams/a.csv": [row("u4", "t2", "2018-11-25 10:00:00")]}), table)
    assert shown(table) == bucket.expected()
    removed = {date["date"]: date["removed"] for date in result["dates"]}
    assert removed[D] == len(of_date) > 0
    assert table.items[HEADER, D]["ledger"]["accepted"] == 0
    assert {keys.generation_of_kpi(info.key) for info in bucket.store.list("kpis/")} == {2}


def test_a_newer_generation_than_the_runs_own_is_loaded_once(bucket: KpiWorld) -> None:
    table = MemoryTable()
    first = computed(bucket, {"streams/a.csv": ROWS})
    second = computed(bucket, {"streams/b.csv": [row("u3", "t2", f"{D} 12:00:00")]})
    assert {date["generation"] for date in loaded(bucket, first, table)["dates"]} == {2}
    assert shown(table) == bucket.expected()
    assert [date["written"] for date in loaded(bucket, second, table)["dates"]] == [0, 0, 0]


class Interrupted(MemoryTable):
    """Runs `meanwhile` before the given write, as another process would; then the write goes on."""

    def __init__(self, at_write: int) -> None:
        super().__init__()
        self.at_write = at_write
        self.meanwhile: Any = None

    def write(self, date: str, generation: int, writes: Writes) -> None:
        self.at_write -= 1
        if self.at_write == 0:
            self.meanwhile()
        super().write(date, generation, writes)


@pytest.mark.parametrize("at_write", [1, 3, 8, 15])
def test_a_run_overtaken_in_the_middle_leaves_nothing_of_its_own(bucket: KpiWorld, at_write: int) -> None:
    table = Interrupted(at_write)
    first = computed(bucket, {"streams/a.csv": ROWS})

    def newer() -> None:
        loaded(bucket, computed(bucket, {"streams/a.csv": [row("u4", "t2", f"{D} 12:00:00")]}), table)

    table.meanwhile = newer
    loaded(bucket, first, table)
    assert shown(table) == bucket.expected()
    assert all(item["generation"] == 2 for item in table.items.values())


class Broken(MemoryTable):
    """Fails at the given write, as a stopped process would."""

    def __init__(self, at_write: int) -> None:
        super().__init__()
        self.at_write = at_write

    def write(self, date: str, generation: int, writes: Writes) -> None:
        self.at_write -= 1
        if self.at_write == 0:
            raise RuntimeError("stopped")
        super().write(date, generation, writes)


@pytest.mark.parametrize("at_write", [2, 9, 20])
def test_a_stopped_run_is_finished_by_its_next_attempt(bucket: KpiWorld, at_write: int) -> None:
    table = Broken(at_write)
    run = computed(bucket, {"streams/a.csv": ROWS})
    with pytest.raises(RuntimeError):
        loaded(bucket, run, table)
    loaded(bucket, run, table, attempt=2)
    assert shown(table) == bucket.expected()
    assert all(item["complete"] for (key, _), item in table.items.items() if key == HEADER)


def test_a_table_that_rejects_for_ever_is_an_error(bucket: KpiWorld) -> None:
    class Rejecting(MemoryTable):
        def begin(self, date: str, generation: int, provenance: Item) -> None:
            del provenance
            raise OvertakenError(date, generation)

    run = computed(bucket, {"streams/a.csv": ROWS})
    with pytest.raises(LoadError, match="was overtaken 20 times while it was loaded; redrive load"):
        loaded(bucket, run, Rejecting())


def test_a_missing_date_document_is_named(bucket: KpiWorld) -> None:
    run = computed(bucket, {"streams/a.csv": ROWS})
    assert read_date(bucket.store, D) is not None
    bucket.store.delete(keys.date_key(D))
    with pytest.raises(LoadError, match=f"processed/dates/{D}.json is missing; redrive kpi"):
        loaded(bucket, run, MemoryTable())
