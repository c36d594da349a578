"""Any order, split, repetition or correction of the same listens gives the same KPIs as one computation over them."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from oracle.model import Accepted
from support.kpi_world import KpiWorld
from support.uploads import uploads

from jobs import kpi
from storage.store_directory import DirectoryStore


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(uploads)
def test_runs_of_uploads_end_where_one_computation_would(runs: list[list[tuple[str, list[Accepted]]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = KpiWorld(DirectoryStore(Path(folder) / "store"), Path(folder) / "temp")
        run_ids = [world.validate(dict(files)) for files in runs]
        for run in run_ids:
            kpi.run(world.context("kpi", run))
        assert world.published() == world.expected()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(uploads)
def test_it_is_so_when_each_run_is_computed_before_the_next_arrives(
    runs: list[list[tuple[str, list[Accepted]]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = KpiWorld(DirectoryStore(Path(folder) / "store"), Path(folder) / "temp")
        for files in runs:
            kpi.run(world.context("kpi", world.validate(dict(files))))
        assert world.published() == world.expected()
