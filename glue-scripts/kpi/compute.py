"""Computes dates one after the other, each from its own rows and the hourly listens of the two dates before."""

from dataclasses import dataclass
from pathlib import Path

from contracts.columns import TRACKS, USERS
from contracts.documents import DateLedger
from kpi.hourly_listens import HourlyListens
from kpi.inputs import DateInput, Inputs
from kpi.ledger import EMPTY, read_ledger
from kpi.metric_files import MetricFile, write_metrics
from kpi.rules import Rules
from kpi.steps import compute_listening, compute_steps, drop_steps
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
        session.parquet("track_snapshot", [inputs.tracks], TRACKS)
        session.parquet("user_snapshot", [inputs.users], USERS)
        session.table("tracks", rules.sql("intermediate", "tracks"))

    def run(self) -> list[ComputedDate]:
        """Returns the computed targets."""
        computed = []
        for date, rows in self._inputs.dates.items():
            is_target = date in self._inputs.targets
            if rows.files:
                self._compute_steps(rows, is_target)
            if is_target:
                computed.append(self._compute_target(rows))
            drop_steps(self._session, self._rules)
        return computed

    def _compute_steps(self, rows: DateInput, is_target: bool) -> None:
        self._session.parquet("accepted", rows.paths, self._rules.columns, ["file"])
        order: list[list[Value]] = [[found.file_id, number] for number, found in enumerate(rows.files)]
        self._session.rows("files", {"file": "varchar", "file_order": "integer"}, order)
        steps = compute_steps if is_target else compute_listening
        steps(self._session, self._rules, 1 + rows.rows // ROWS_OF_PARTITION)
        self._hourly.keep(rows.date)

    def _compute_target(self, rows: DateInput) -> ComputedDate:
        metrics = []
        if self._hourly.look_back(rows.date):
            # A date without rows still has windows that reach back.
            wanted = [found for found in self._rules.metrics if rows.files or found["period"] == "as_of"]
            metrics = write_metrics(self._session, self._rules, wanted, self._folder / rows.date)
        ledger = read_ledger(self._session, rows.rows) if rows.files else EMPTY
        return ComputedDate(rows.date, ledger, sorted(found.file_id for found in rows.files), metrics)
