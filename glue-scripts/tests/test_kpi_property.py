"""Any order, split, repetition or correction of the same listens gives the same KPIs as one computation over them."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.model import Accepted
from test_kpi_world import KpiWorld, row

from jobs import kpi
from storage.store_directory import DirectoryStore

NAMES = ("streams/b.csv", "streams/a.csv", "streams/ä.csv")

rows = st.builds(
    row,
    st.sampled_from(["u1", "u2", "u3"]),
    st.sampled_from(["t1", "t2", "t3", "t4"]),
    st.builds(
        "2018-11-{:02d} {:02d}:{:02d}:00.{:03d}".format,
        st.sampled_from([14, 15, 16, 19]),
        st.sampled_from([0, 9, 10, 23]),
        st.sampled_from([0, 29, 30, 59]),
        st.sampled_from([0, 1]),
    ),
    ms_played=st.sampled_from([None, 29_999, 30_000, 90_000]),
    completed=st.sampled_from([None, True, False]),
    device_type=st.sampled_from([None, "tv", "phone"]),
    event_id=st.sampled_from([None, None, "e1", "e2", "e3"]),
)
#: A file's rows: validate leaves one copy of a row in a file.
contents = st.lists(rows, max_size=8).map(lambda found: list({one.identity: one for one in found}.values()))
uploads = st.lists(
    st.lists(st.tuples(st.sampled_from(NAMES), contents), min_size=1, max_size=3), min_size=1, max_size=3
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(uploads)
def test_runs_of_uploads_end_where_one_computation_would(runs: list[list[tuple[str, list[Accepted]]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = KpiWorld(DirectoryStore(Path(folder) / "store"), Path(folder) / "temp")
        formed = [world.validate(dict(files)) for files in runs]
        for run in formed:
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
