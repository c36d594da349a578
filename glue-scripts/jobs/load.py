"""music_streaming_dynamodb_load: makes the table equal to the published KPIs of the run's dates."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from contracts import keys
from contracts.documents import Change, DateDocument
from contracts.metrics import Metric, metrics
from contracts.results import KpiResult, LoadDate, LoadResult
from engines import Engine, open_engine
from jobs.context import JobContext, JobError, glue_job, instant
from kpi.dates import read_date
from kpi.generation import generation_of
from load.change_log import ChangeLog
from load.changes import Baseline, baseline_of, changes
from load.items import items, provenance, vanished
from load.table import HEADER, OvertakenError, Table, Writes
from storage.local_copies import SMALL_ROWS, Wanted, fetch
from storage.store import MissingObjectError, in_parallel

#: Dates written at a time. One date's writes follow each other, since all of them touch its header.
PARALLEL_DATES = 4
#: How often a date may be overtaken while it is loaded, before something must be wrong.
MOST_OVERTAKINGS = 20


@dataclass(frozen=True)
class OlderObjects:
    """The older generations of a date that still lie under kpis/: metric → keys."""

    of_metric: dict[str, list[str]]

    @property
    def all(self) -> list[str]:
        return [key for found in self.of_metric.values() for key in found]


def older_objects(context: JobContext, document: DateDocument, known: Sequence[Metric]) -> OlderObjects:
    def of_metric(metric: Metric) -> list[str]:
        listed = context.store.list(keys.kpi_date_prefix(metric["name"], document["date"]))
        return [info.key for info in listed if generation_of(info.key) < document["generation"]]

    found = [of_metric(metric) for metric in known]
    return OlderObjects({metric["name"]: older for metric, older in zip(known, found, strict=True)})


class DateLoader:
    """Loads dates one after the other; each thread has its own, with its own engine."""

    def __init__(self, context: JobContext, table: Table, engine: Engine, known: Sequence[Metric]) -> None:
        self._context = context
        self._table = table
        self._engine = engine
        self._metrics = known
        self._changes = ChangeLog(context.store, context.temp / "changes")

    def load(self, date: str) -> LoadDate:
        """The date's newest published generation, whichever run computed it. Someone else may be loading it too, or a
        newer one: then what is published is read again. `superseded` counts how often that was so."""
        for overtaken in range(MOST_OVERTAKINGS):
            document = self._newest(date)
            try:
                written, removed = self._load(document)
            except OvertakenError:
                continue
            except MissingObjectError:
                if self._newest(date)["generation"] == document["generation"] and not self._is_complete(document):
                    raise
                continue
            counts = {"written": written, "removed": removed, "superseded": overtaken}
            return {"date": date, "generation": document["generation"], **counts}  # type: ignore[typeddict-item]
        raise JobError(f"{date} was overtaken {MOST_OVERTAKINGS} times while it was loaded; redrive load.")

    def _is_complete(self, document: DateDocument) -> bool:
        header = self._table.get((HEADER, document["date"]))
        return bool(header and header["complete"] and header["generation"] == document["generation"])

    def _newest(self, date: str) -> DateDocument:
        document = read_date(self._context.store, date)
        if document is None:
            raise JobError(f"{keys.date_key(date)} is missing; redrive kpi of {self._context.run_id}.")
        return document

    def _load(self, document: DateDocument) -> tuple[int, int]:
        date, generation = document["date"], document["generation"]
        if self._is_complete(document):
            return 0, 0
        self._table.begin(date, generation, provenance(document))
        older = older_objects(self._context, document, self._metrics)
        written, removed = 0, 0
        for metric in self._metrics:
            put, gone = self._load_metric(metric, document, older.of_metric[metric["name"]])
            written, removed = written + put, removed + gone
        self._record_changes(document, older)
        since = {"since": instant(self._context.now()), "ledger": document["ledger"]}
        held = {"items": {metric: found["items"] for metric, found in document["objects"].items()}}
        self._table.complete(date, generation, {**provenance(document), **since, **held})
        in_parallel(self._context.store.delete, older.all)
        return written, removed

    def _record_changes(self, document: DateDocument, older: OlderObjects) -> None:
        """Before the header is complete: until then it names what the table had, whoever tries again."""
        # Read after `begin`: from then on nobody older can complete another generation.
        header = self._table.get((HEADER, document["date"]))
        baseline = baseline_of(header, document, older.of_metric)
        if baseline is None or self._changes.is_recorded(document):
            return
        if baseline.gone:
            told = {"date": document["date"], "previous_generation": baseline.generation, "metrics": baseline.gone}
            self._context.log("changes_unknown", "WARN", **told)
        found = (change for metric in self._metrics for change in self._changed(metric, document, baseline))
        count = self._changes.record(document, baseline, found, instant(self._context.now()))
        self._context.log("changes_recorded", date=document["date"], generation=document["generation"], changes=count)

    def _changed(self, metric: Metric, document: DateDocument, baseline: Baseline) -> Iterator[Change]:
        name = metric["name"]
        if name in baseline.gone:
            return
        published = document["objects"].get(name)
        # Both lie here since the metric was loaded.
        old, new = (
            fetch(self._context.store, [Wanted(key, is_small=False)], self._context.temp)[0] if key else None
            for key in (baseline.objects.get(name), published["key"] if published else None)
        )
        yield from changes(self._engine, metric, old, new, document["date"])

    def _load_metric(self, metric: Metric, document: DateDocument, older: Sequence[str]) -> tuple[int, int]:
        date, generation = document["date"], document["generation"]
        published = document["objects"].get(metric["name"])
        wanted = [Wanted(published["key"], published["items"] <= SMALL_ROWS)] if published else []
        newest = fetch(self._context.store, wanted, self._context.temp)
        written = 0
        for batch in (items(self._engine, metric, newest[0], document)) if newest else ():
            self._table.write(date, generation, Writes(batch, []))
            written += len(batch)
        if published and written != published["items"]:
            raise JobError(f"{published['key']} holds {written} items, not {published['items']}; redrive kpi.")
        before = fetch(self._context.store, [Wanted(key, is_small=False) for key in older], self._context.temp)
        gone = vanished(self._engine, metric, before, newest[0] if newest else None, date)
        self._table.write(date, generation, Writes([], gone))
        return written, len(gone)


def run(context: JobContext, table: Table, known: Sequence[Metric] | None = None) -> None:
    """Loads every date of the kpi result; does nothing where this stage's result is committed."""
    if context.is_committed():
        return
    computed: KpiResult = context.predecessor_result()
    dates = [found["date"] for found in computed["dates"]]

    def load_some(part: list[str]) -> list[LoadDate]:
        folder = Path(context.temp) / (part[0] if part else "none")
        with open_engine(context.engine, context.memory_limit, folder, threads=1) as engine:
            loader = DateLoader(context, table, engine, known or metrics())
            return [loader.load(date) for date in part]

    parts = [dates[first::PARALLEL_DATES] for first in range(min(PARALLEL_DATES, len(dates)))]
    with ThreadPoolExecutor(max_workers=PARALLEL_DATES) as pool:
        loaded = [found for part in pool.map(load_some, parts) for found in part]
    result: LoadResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "dates": sorted(loaded, key=lambda found: found["date"]),
    }
    context.log("loaded", items=sum(found["written"] for found in loaded), dates=len(loaded))
    context.commit(result)


def main(argv: list[str]) -> None:
    with glue_job(argv, "load", {"table": "music_streaming_kpis"}) as context:
        import boto3
        from botocore.config import Config

        from load.table_dynamodb import DynamoDbTable

        settings = Config(retries={"mode": "standard", "max_attempts": 5}, max_pool_connections=16)
        run(context, DynamoDbTable(boto3.client("dynamodb", config=settings), context.options["table"]))


if __name__ == "__main__":
    main(sys.argv)
