"""Computes dates one after the other, each from its own rows and the hourly listens of the two dates before."""

from dataclasses import dataclass
from pathlib import Path

from contracts.columns import TRACKS, USERS
from contracts.documents import DateLedger
from kpi.hourly_listens import HourlyListens
from kpi.inputs import DateInput, Inputs
from kpi.ledger import EMPTY, read_ledger
from kpi.metric_files import MetricFile, MetricFiles
from kpi.rules import Rules
from kpi.steps import Steps
from sql.session import Session, Value

#: How many rows are computed at once, so that memory does not grow with a date.
ROWS_OF_PARTITION = 12_000_000


@dataclass(frozen=True)
class ComputedDate:
    """The KPIs of a date, not yet published. `files` are the ids of the files that its rows are from."""

    date: str
    ledger: DateLedger
    files: list[str]
    metrics: list[MetricFile]


class Computation:
    """Computes the dates of `inputs` in order. Files are written below `folder`."""

    def __init__(self, session: Session, rules: Rules, inputs: Inputs, folder: Path) -> None:
        self._session = session
        self._rules = rules
        self._inputs = inputs
        self._folder = folder
        self._hourly = HourlyListens(session)
        self._metric_files = MetricFiles(session, rules)
        self._of_target = Steps(session, rules, only_listening=False)
        self._of_earlier = Steps(session, rules, only_listening=True)
        self._name_tracks_and_users()

    def run(self) -> list[ComputedDate]:
        """Returns the computed targets."""
        computed = []
        for date, rows in self._inputs.dates.items():
            is_target = date in self._inputs.targets
            steps = self._of_target if is_target else self._of_earlier
            if rows.files:
                self.compute_steps(rows, steps, 1 + rows.rows // ROWS_OF_PARTITION)
                self._hourly.keep(date)
            if is_target:
                computed.append(self._compute_target(rows))
            steps.drop()
        return computed

    def _name_tracks_and_users(self) -> None:
        self._session.parquet("track_snapshot", [self._inputs.tracks], TRACKS)
        self._session.parquet("user_snapshot", [self._inputs.users], USERS)
        paths = [path for rows in self._inputs.dates.values() for path in rows.paths]
        self._session.parquet("accepted_of_run", paths, self._rules.columns)
        for name, query in self._rules.of_steps(("tracks", "users")).items():
            self._session.table(name, query.sql)

    def compute_steps(self, rows: DateInput, steps: Steps, partitions: int) -> None:
        self._session.parquet("accepted", rows.paths, self._rules.columns, ["file"])
        order: list[list[Value]] = [[found.file_id, number] for number, found in enumerate(rows.files)]
        self._session.rows("files", {"file": "varchar", "file_order": "integer"}, order)
        steps.compute(partitions)

    def _compute_target(self, rows: DateInput) -> ComputedDate:
        metrics = []
        if self._hourly.look_back(rows.date):
            # A date without rows still has windows that reach back.
            wanted = [found for found in self._rules.metrics if rows.files or found["period"] == "as_of"]
            metrics = self._metric_files.write(wanted, self._folder / rows.date)
        ledger = read_ledger(self._session, rows.rows) if rows.files else EMPTY
        return ComputedDate(rows.date, ledger, sorted(found.file_id for found in rows.files), metrics)
