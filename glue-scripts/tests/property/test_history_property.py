"""Any small history ends with the export of one computation over its final state, whatever happened on the way.

A history has uploads (orders, splits, repetitions, corrections), replays, a backfill and faults. Its runs touch the
same dates and alternate stage by stage. A fault lets an attempt die before or after a change, lets the next attempt of
the same job overtake it, or lets another run pass it. HISTORIES=200 tries more than the usual histories.
"""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from fuzz.chaos import KINDS, ChaosSandbox, FaultPlan, Kind
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from oracle import evaluate
from oracle.builders import HEADER, SONGS, USERS
from oracle.compare import compare
from oracle.model import InputFile

from contracts import keys
from storage.store import read_json

HISTORIES = int(os.environ.get("HISTORIES", "8"))
NAMES = ("streams/b.csv", "streams/a.csv", "streams/ä.csv")
BEGIN = datetime(2018, 11, 20, 12, tzinfo=timezone.utc)

rows = st.builds(
    "{},{},2018-11-{} {}:00,{},{},,{}".format,
    st.sampled_from(["u", "v", "w", "w", "nobody"]),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["14", "15", "16", "30"]),
    st.sampled_from(["00:00", "09:30", "23:59"]),
    st.sampled_from(["", "", "e1", "e2"]),
    st.sampled_from(["", "29999", "90000"]),
    st.sampled_from(["", "tv"]),
)
contents = st.lists(rows, min_size=1, max_size=6)
batches = st.dictionaries(st.sampled_from(NAMES), contents, min_size=1, max_size=3)


@dataclass(frozen=True)
class Step:
    """The next step: which run continues, and its fault."""

    run: int
    kind: Kind | None
    at: int


steps = st.builds(
    Step, st.integers(0, 2), st.sampled_from((None, *KINDS, "waits")), st.integers(1, 8) | st.integers(9, 40)
)


@dataclass
class ActiveRun:
    """A run, the stages that it still has to pass, and the attempt of the first of them."""

    run_id: str
    stages: list[str]
    attempt: int = 1


class History:
    """Runs a history in a sandbox."""

    def __init__(self, folder: Path) -> None:
        self.sandbox = ChaosSandbox(folder)
        self.files: list[InputFile] = []
        self.active: list[ActiveRun] = []
        for name, body in (("songs", SONGS), ("users", USERS)):
            self.sandbox.store.put(f"reference/{name}/{name}.csv", body.encode())

    def arrive(self, batch: dict[str, list[str]]) -> None:
        """Uploads a batch and creates its run, unless all its files are repetitions."""
        found = []
        for name, lines in batch.items():
            at = BEGIN + timedelta(minutes=len(self.files))
            file = InputFile(name, "\n".join([HEADER, *lines]).encode(), at, len(self.files) + 1)
            self.files.append(file)
            found.append(self.sandbox.upload(file))
        taken = [key for key in found if key is not None]
        if taken:
            self._activate(self.sandbox.create_run(taken, reference_changed=self.sandbox.runs == 0))

    def _activate(self, run_id: str) -> None:
        self.active.append(ActiveRun(run_id, list(self.sandbox.stages)))

    def advance(self, step: Step) -> None:
        """Runs the next stage of one run, with its fault plan."""
        run = self.active[step.run % len(self.active)]
        fault_plan = FaultPlan(step.kind or "waits", step.at if step.kind else 0, lambda: self._meanwhile(run, step))
        if self.sandbox.attempt(run.stages[0], run.run_id, run.attempt, fault_plan):
            run.stages.pop(0)
            run.attempt = 1
        else:
            run.attempt += 1
        self.active = [found for found in self.active if found.stages]

    def _meanwhile(self, waiting: ActiveRun, step: Step) -> None:
        others = [run for run in self.active if run is not waiting and run.stages]
        if step.kind == "is overtaken":
            self.sandbox.start(waiting.stages[0], waiting.run_id, waiting.attempt + 1)
        elif others:
            run = others[step.at % len(others)]
            # It passes the stage of the waiting run, whose decisions are then older than the published results.
            while waiting.stages[0] in run.stages:
                self.sandbox.start(run.stages.pop(0), run.run_id, run.attempt)
                run.attempt = 1

    def differences(self) -> list[str]:
        """Returns how the export differs from one computation over the final state."""
        songs, users = [("songs.csv", SONGS.encode())], [("users.csv", USERS.encode())]
        return compare(evaluate(self.files, songs, users).lines, self.sandbox.exported())

    def repeat(self, replays: list[str]) -> None:
        """Requests replays of files and a backfill of dates."""
        for name in dict.fromkeys(replays):
            if self.sandbox.store.head(keys.file_key(keys.file_id(name))):
                self.sandbox.request_replay(name, f"request:{name}")
        run_id = self.sandbox.create_replay_run()
        if run_id is not None:
            self._activate(run_id)
        dates = [info.key[-15:-5] for info in self.sandbox.store.list(keys.DATES_PREFIX)]
        if replays and dates and read_json(self.sandbox.store, keys.REFERENCE_KEY):
            self.sandbox.backfill(dates[:2])


@settings(
    max_examples=HISTORIES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    st.lists(batches, min_size=2, max_size=4),
    st.lists(steps, min_size=16, max_size=30),
    st.lists(st.sampled_from(NAMES), max_size=2),
)
def test_a_history_ends_with_the_export_of_one_computation(
    uploads: list[dict[str, list[str]]], plan: list[Step], replays: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder))
        waiting, schedule = list(uploads), iter(plan)
        while waiting or history.active:
            step = next(schedule, Step(0, None, 0))
            # Every batch has its own run, and up to three are active. The step chooses the one that continues.
            if waiting and (not history.active or (len(history.active) < 3 and step.at % 4)):
                history.arrive(waiting.pop(0))
                continue
            history.advance(step)
            if not waiting and not history.active and replays:
                # A replay could repair a difference.
                assert history.differences() == []
                history.repeat(replays)
                replays = []
        note(f"faults: {history.sandbox.faults}")
        assert history.differences() == []
