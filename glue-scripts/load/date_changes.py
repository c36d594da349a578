"""Compares a date's published objects with those that the table was last complete with, for the change log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.documents import Change, DateDocument
from contracts.metrics import Metric
from load.change_log import ChangeLog
from load.changes import Baseline, baseline_of, changes
from load.date_objects import fetch_older, fetch_published
from load.table import Item
from sql.session import Session
from storage.store import Store


@dataclass(frozen=True)
class DateChanges:
    """Finds and records the changes of a date."""

    store: Store
    session: Session
    metrics: Sequence[Metric]
    temp: Path
    log: Callable[..., None]

    def record(self, header: Item | None, document: DateDocument, older: Mapping[str, Sequence[str]], now: str) -> None:
        """Writes the log of the document's generation, unless there is nothing to compare with or it exists."""
        change_log = ChangeLog(self.store, self.temp / "changes")
        baseline = baseline_of(header, document, older)
        if baseline is None or change_log.is_recorded(document):
            return
        date = document["date"]
        if baseline.gone:
            unknown = {"previous_generation": baseline.generation, "metrics": baseline.gone}
            self.log("changes_unknown", "WARN", date=date, **unknown)
        found = (change for metric in self.metrics for change in self._of_metric(metric, document, baseline))
        count = change_log.record(document, baseline, found, now)
        self.log("changes_recorded", date=date, generation=document["generation"], changes=count)

    def _of_metric(self, metric: Metric, document: DateDocument, baseline: Baseline) -> Iterator[Change]:
        if metric["name"] in baseline.gone:
            return
        old = [key for name, key in baseline.objects.items() if name == metric["name"]]
        # Both objects are here already, because the metric was loaded before.
        paths = fetch_older(self.store, old, self.temp)
        new = fetch_published(self.store, document, metric, self.temp)
        yield from changes(self.session, metric, paths[0] if paths else None, new, document["date"])
