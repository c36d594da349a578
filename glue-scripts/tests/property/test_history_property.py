"""Any small history ends where one computation over its final state would, whatever befell the jobs on the way.

A history is uploads (orders, splits, repetitions, corrections) whose runs touch the same dates and go on between each
other stage by stage, replays and a backfill, and fault_plans: an attempt dies before or after any of its changes, is
overtaken by the next attempt of the same job and then goes on, or waits while another run goes past it.
HISTORIES=200 tries more than every day's.
"""

import os
import tempfile
from dataclasses import dataclass, field
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
STAGES = ("ingest", "validate", "kpi", "load", "archive")
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
    """What happens next: which run goes on, and what befalls it."""

    run: int
    kind: Kind | None
    at: int


steps = st.builds(
    Step, st.integers(0, 2), st.sampled_from((None, *KINDS, "waits")), st.integers(1, 8) | st.integers(9, 40)
)


@dataclass
class InHand:
    """A run with the stages that are before it, and the attempt that its stage has come to."""

    run_id: str
    stages: list[str] = field(default_factory=lambda: list(STAGES))
    attempt: int = 1


class History:
    """Plays a history on a sandbox."""

    def __init__(self, folder: Path) -> None:
        self.sandbox = ChaosSandbox(folder)
        self.files: list[InputFile] = []
        self.in_hand: list[InHand] = []
        for name, body in (("songs", SONGS), ("users", USERS)):
            self.sandbox.store.put(f"reference/{name}/{name}.csv", body.encode())

    def arrive(self, batch: dict[str, list[str]]) -> None:
        """A batch is uploaded, and its run formed; repetitions of what is known form none."""
        found = []
        for name, lines in batch.items():
            at = BEGIN + timedelta(minutes=len(self.files))
            file = InputFile(name, "\n".join([HEADER, *lines]).encode(), at, len(self.files) + 1)
            self.files.append(file)
            found.append(self.sandbox.upload(file))
        taken = [key for key in found if key is not None]
        if taken:
            self.in_hand.append(InHand(self.sandbox.form(taken, reference_changed=self.sandbox.runs == 0)))

    def go_on(self, step: Step) -> None:
        """The next stage of one run, with its fault_plan."""
        run = self.in_hand[step.run % len(self.in_hand)]
        fault_plan = FaultPlan(step.kind or "waits", step.at if step.kind else 0, lambda: self._meanwhile(run, step))
        if self.sandbox.attempt(run.stages[0], run.run_id, run.attempt, fault_plan):
            run.stages.pop(0)
            run.attempt = 1
        else:
            run.attempt += 1
        self.in_hand = [found for found in self.in_hand if found.stages]

    def _meanwhile(self, held: InHand, step: Step) -> None:
        others = [run for run in self.in_hand if run is not held and run.stages]
        if step.kind == "is overtaken":
            self.sandbox.start(held.stages[0], held.run_id, held.attempt + 1)
        elif others:
            run = others[step.at % len(others)]
            # Past the stage that is held up: what was decided before is then older than what stands.
            while held.stages[0] in run.stages:
                self.sandbox.start(run.stages.pop(0), run.run_id, run.attempt)
                run.attempt = 1

    def differences(self) -> list[str]:
        """What one computation over the final state and the export say differently."""
        songs, users = [("songs.csv", SONGS.encode())], [("users.csv", USERS.encode())]
        return compare(evaluate(self.files, songs, users).lines, self.sandbox.exported())

    def again(self, replays: list[str]) -> None:
        """What is done is asked for once more: files are validated, and dates computed, again."""
        for name in dict.fromkeys(replays):
            if self.sandbox.store.head(keys.file_key(keys.file_id(name))):
                self.sandbox.ask(name, f"request:{name}")
        run_id = self.sandbox.form_replays()
        if run_id is not None:
            self.in_hand.append(InHand(run_id))
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
def test_a_history_ends_where_one_computation_would(
    uploads: list[dict[str, list[str]]], plan: list[Step], replays: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder))
        waiting, schedule = list(uploads), iter(plan)
        while waiting or history.in_hand:
            step = next(schedule, Step(0, None, 0))
            # A run of its own for every batch, up to three in hand; which goes on is the step's.
            if waiting and (not history.in_hand or (len(history.in_hand) < 3 and step.at % 4)):
                history.arrive(waiting.pop(0))
                continue
            history.go_on(step)
            if not waiting and not history.in_hand and replays:
                # Before what is reprocessed could patch it.
                assert history.differences() == []
                history.again(replays)
                replays = []
        note(f"what befell: {history.sandbox.fault_plans}")
        assert history.differences() == []
