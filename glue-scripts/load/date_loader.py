"""Makes the table equal to the published KPIs of one date."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts import keys
from contracts.documents import DateDocument
from contracts.metrics import Metric
from contracts.results import LoadDate
from kpi.published import read_date
from load.date_changes import DateChanges
from load.date_objects import fetch_older, fetch_published, older_objects
from load.items import items, provenance, vanished
from load.table import HEADER, OvertakenError, Table, Writes
from sql.session import Session
from storage.store import MissingObjectError, Store, in_parallel

#: How often a date may be overtaken while it is loaded, before something must be wrong.
MOST_OVERTAKINGS = 20


class LoadError(Exception):
    """A date cannot be loaded. The message says why and what to do next."""


@dataclass(frozen=True)
class DateLoader:
    """Loads dates one after the other; each thread has its own, with its own session.

    `now` gives the time as documents write it, `log` writes one line about an event.
    """

    store: Store
    table: Table
    session: Session
    metrics: Sequence[Metric]
    temp: Path
    now: Callable[[], str]
    log: Callable[..., None]

    def load(self, date: str) -> LoadDate:
        """Loads the date's newest published generation, whichever run computed it.

        Another run may be loading the date, too, or a newer generation of it. Then this one reads again what is
        published; `superseded` counts how often.
        """
        for overtaken in range(MOST_OVERTAKINGS):
            document = self._newest(date)
            try:
                written, removed = self._load(document)
            except OvertakenError:
                continue
            except MissingObjectError:
                # The load of a newer generation removes the older objects.
                if self._newest(date)["generation"] == document["generation"] and not self._is_complete(document):
                    raise
                continue
            counts = {"written": written, "removed": removed, "superseded": overtaken}
            return {"date": date, "generation": document["generation"], **counts}  # type: ignore[typeddict-item]
        raise LoadError(f"{date} was overtaken {MOST_OVERTAKINGS} times while it was loaded; redrive load.")

    def _newest(self, date: str) -> DateDocument:
        document = read_date(self.store, date)
        if document is None:
            raise LoadError(f"{keys.date_key(date)} is missing; redrive kpi.")
        return document

    def _is_complete(self, document: DateDocument) -> bool:
        header = self.table.get((HEADER, document["date"]))
        return bool(header and header["complete"] and header["generation"] == document["generation"])

    def _load(self, document: DateDocument) -> tuple[int, int]:
        """Returns how many items were written and removed."""
        if self._is_complete(document):
            return 0, 0
        date, generation = document["date"], document["generation"]
        self.table.begin(date, generation, provenance(document))
        older = older_objects(self.store, document, self.metrics)
        counts = [self._load_metric(metric, document, older[metric["name"]]) for metric in self.metrics]
        self._record_changes(document, older)
        self.table.complete(date, generation, self._header(document))
        in_parallel(self.store.delete, [key for found in older.values() for key in found])
        return sum(written for written, _ in counts), sum(removed for _, removed in counts)

    def _load_metric(self, metric: Metric, document: DateDocument, older: Sequence[str]) -> tuple[int, int]:
        date, generation = document["date"], document["generation"]
        newest = fetch_published(self.store, document, metric, self.temp)
        written = 0
        for batch in items(self.session, metric, newest, document) if newest else ():
            self.table.write(date, generation, Writes(batch, []))
            written += len(batch)
        self._check_count(document, metric, written)
        before = fetch_older(self.store, older, self.temp)
        gone = vanished(self.session, metric, before, newest, date)
        self.table.write(date, generation, Writes([], gone))
        return written, len(gone)

    def _check_count(self, document: DateDocument, metric: Metric, written: int) -> None:
        published = document["objects"].get(metric["name"])
        if published and written != published["items"]:
            raise LoadError(f"{published['key']} has {written} items, not {published['items']}; redrive kpi.")

    def _record_changes(self, document: DateDocument, older: Mapping[str, Sequence[str]]) -> None:
        """Runs before the header is complete: until then it names what the table had, whoever tries again."""
        # Read after `begin`: from then on no older generation can become complete.
        header = self.table.get((HEADER, document["date"]))
        changes = DateChanges(self.store, self.session, self.metrics, self.temp, self.log)
        changes.record(header, document, older, self.now())

    def _header(self, document: DateDocument) -> dict[str, Any]:
        counts = {metric: found["items"] for metric, found in document["objects"].items()}
        return {**provenance(document), "since": self.now(), "ledger": document["ledger"], "items": counts}
