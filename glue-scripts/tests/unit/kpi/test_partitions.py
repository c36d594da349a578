"""Steps and metrics of partitions by user add up to those of the whole date."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.kpi_world import REFERENCE, KpiWorld
from support.random_listening import many_songs, random_rows, shared_files

from contracts.metrics import Metric
from jobs import kpi
from kpi import compute
from kpi.current_files import CurrentFiles
from kpi.inputs import Inputs, read_inputs
from kpi.metric_columns import object_columns
from kpi.metric_files import UnreadableStepError
from kpi.rules import Rules
from kpi.steps import COUNTING, LISTENING, Steps
from sql.database import literal, read_sql
from sql.session import Session
from storage.store_directory import DirectoryStore

D = "2018-11-14"


@pytest.fixture
def world(tmp_path: Path) -> KpiWorld:
    return KpiWorld(DirectoryStore(tmp_path / "store"), tmp_path / "temp", songs=many_songs())


def inputs_of(world: KpiWorld, seed: int, temp: Path) -> Inputs:
    """Returns the inputs of D after a random week."""
    chance = random.Random(seed)
    world.validate(shared_files(chance, random_rows(chance, 1500)))
    return read_inputs(world.store, CurrentFiles(world.store), [D], REFERENCE, temp / "inputs")


def steps_of(inputs: Inputs, rules: Rules, temp: Path, partitions: int) -> Iterator[tuple[str, list[str]]]:
    """Yields every merged step of the date, with its rows as sorted texts."""
    with Session("1GB", temp, threads=1) as session:
        computation = compute.Computation(session, rules, inputs, temp / "kpis")
        computation.compute_steps(inputs.dates[D], Steps(session, rules, only_listening=False), partitions)
        queries = {**rules.of_steps((*LISTENING, *COUNTING)), **rules.of_metrics()}
        for name in (name for name, query in queries.items() if query.merge(name)):
            found = session.query(f"select columns(*)::varchar from {name}")
            yield name, sorted(map(str, found))


def rows_of_metrics(
    inputs: Inputs, rules: Rules, temp: Path, rows_of_partition: int, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Sequence[Any]]:
    """Computes D in as many partitions as it has multiples of `rows_of_partition`. Returns the rows by metric."""
    monkeypatch.setattr(compute, "ROWS_OF_PARTITION", rows_of_partition)
    with Session("1GB", temp, threads=1) as session:
        (date,) = compute.Computation(session, rules, inputs, temp / "kpis").run()
        return {file.metric: session.query(f"from {literal(str(file.path))}") for file in date.metrics}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_merged_step_of_seven_partitions_equals_that_of_one(world: KpiWorld, tmp_path: Path, seed: int) -> None:
    inputs = inputs_of(world, seed, tmp_path)
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


def test_every_metric_of_the_contract_has_the_same_rows_in_one_and_in_seven_partitions(
    world: KpiWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = inputs_of(world, 4, tmp_path)
    rows = inputs.dates[D].rows
    one, seven = (
        rows_of_metrics(inputs, Rules(), tmp_path / str(count), rows // count + 1, monkeypatch) for count in (1, 7)
    )
    for metric in Rules().metrics:
        assert one[metric["name"]] == seven[metric["name"]] != [], metric["name"]


@pytest.mark.parametrize("partitions", [1, 7])
@pytest.mark.parametrize("step", ["plays", "user_hours", "duplicates", "accepted_of_partition"])
def test_a_metric_that_reads_a_step_that_is_not_merged_fails(
    world: KpiWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partitions: int, step: str
) -> None:
    wrong: Metric = {"name": "wrong_daily", "key": None, "period": "date", "fields": {"rows": "integer"}}

    def read(folder: str, name: str) -> str:
        sql = f"-- Grain: one row.\nselect count(*) as rows from {step}"
        return sql if name == "wrong_daily" else read_sql(folder, name)

    inputs = inputs_of(world, 5, tmp_path)
    rules = Rules([wrong], sql=read)
    with pytest.raises(UnreadableStepError, match=rf"sql/metrics/wrong_daily\.sql .*{step}.*Adds up"):
        rows_of_metrics(inputs, rules, tmp_path, inputs.dates[D].rows // partitions + 1, monkeypatch)


def test_objects_hold_flat_rows_without_a_date() -> None:
    for metric in Rules().metrics:
        assert "event_date" not in object_columns(metric)
        assert set(object_columns(metric).values()) <= {"varchar", "bigint"}
