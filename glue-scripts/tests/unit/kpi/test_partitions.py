"""Steps of partitions by user add up to those of the whole date."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.kpi_world import REFERENCE, KpiWorld
from support.random_listening import many_songs, random_rows, shared_files

from jobs import kpi
from kpi import compute
from kpi.current_files import CurrentFiles
from kpi.inputs import Inputs, read_inputs
from kpi.metric_columns import object_columns
from kpi.rules import Rules, merge_of
from kpi.steps import COUNTING, LISTENING, Steps
from sql.session import Session
from storage.store_directory import DirectoryStore

D = "2018-11-14"


@pytest.fixture
def world(tmp_path: Path) -> KpiWorld:
    return KpiWorld(DirectoryStore(tmp_path / "store"), tmp_path / "temp", songs=many_songs())


def steps_of(inputs: Inputs, rules: Rules, temp: Path, partitions: int) -> Iterator[tuple[str, list[str]]]:
    """Yields every merged step of the date, with its rows as sorted texts."""
    with Session("1GB", temp, threads=1) as session:
        computation = compute.Computation(session, rules, inputs, temp / "kpis")
        computation.compute_steps(inputs.dates[D], Steps(session, rules, only_listening=False), partitions)
        merged = [name for name, sql in rules.of_steps((*LISTENING, *COUNTING)).items() if merge_of(sql, name)]
        metrics = [name for name, sql in rules.of_metrics().items() if merge_of(sql, name)]
        for name in (*merged, *metrics):
            found = session.query(f"select columns(*)::varchar from {name}")
            yield name, sorted(map(str, found))


@pytest.mark.parametrize("seed", [1, 2])
def test_every_merged_step_of_seven_partitions_equals_that_of_one(world: KpiWorld, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    world.validate(shared_files(chance, random_rows(chance, 1500)))
    inputs = read_inputs(world.store, CurrentFiles(world.store), [D], REFERENCE, tmp_path / "inputs")
    one, seven = (dict(steps_of(inputs, Rules(), tmp_path / str(count), count)) for count in (1, 7))
    assert set(one) > {"track_hours", "track_days", "genre_days", "user_days", "sessions", "ledger", "device_daily"}
    for name, rows in one.items():
        assert rows == seven[name], name
        assert rows, name


def test_all_metrics_of_seven_partitions_are_those_of_the_oracle(
    world: KpiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)
    files = shared_files(chance, random_rows(chance, 1500))
    largest = sum(len(rows) for rows in files.values()) // 7
    monkeypatch.setattr(compute, "ROWS_OF_PARTITION", largest // 7)
    kpi.run(world.context("kpi", world.validate(files)))
    got, wanted = world.published(), world.expected()
    for metric, lines in wanted.items():
        assert got[metric] == lines, metric


def test_a_step_without_a_way_to_add_up_stays_in_its_partition() -> None:
    assert merge_of("-- Grain: one row per user.\nselect 1", "parts") is None
    assert merge_of("-- Grain: one row. Adds up: union.\nselect 1", "parts") == "from parts"
    total = r"select sum(columns(*)) as '\0' from parts"
    assert merge_of("-- Grain: one row. Adds up:\n-- sum.\nselect 1", "parts") == total
    by_key = r"select hour, day, sum(columns(* exclude (hour, day))) as '\0' from parts group by hour, day"
    assert merge_of("-- Adds up: sum by hour, day.", "parts") == by_key


def test_objects_hold_flat_rows_without_a_date() -> None:
    for metric in Rules().metrics:
        assert "event_date" not in object_columns(metric)
        assert set(object_columns(metric).values()) <= {"varchar", "bigint"}
