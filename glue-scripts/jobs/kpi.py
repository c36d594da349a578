"""music_streaming_kpi_computation: recomputes every date that a run reaches, whole, and publishes it.

A backfill, whose run.json names dates and a snapshot, has exactly these computed again.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from contracts import keys
from contracts.current_version import version_of
from contracts.documents import DateDocument, DateLedger, KpiObject
from contracts.results import KpiDate, KpiResult, ValidateResult
from engines import Engine, open_engine
from jobs.context import JobContext, JobError, glue_job, instant
from jobs.kpi_task import Task, task_of
from kpi.current_files import CurrentFiles, DateRows
from kpi.dates import publish_date
from kpi.event_ids import EventIds, stood_up_to
from kpi.generation import draw_generation
from kpi.kpi_pass import MetricFile, PassInputs, PassOutput, Rules, compute
from storage.local_copies import SMALL_ROWS, Wanted, fetch
from storage.store import in_parallel

#: A listen on D reaches trending_24h of D, D+1 and D+2; so a date is computed from itself and the two before.
REACH = 2
#: How many rows one pass of the SQL takes on, so that memory does not grow with the number of dates.
ROWS_A_PASS = 12_000_000


def shifted(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def target_dates(touched: Sequence[str]) -> list[str]:
    """Every date whose KPIs the rows of the touched dates are part of."""
    return sorted({shifted(day, days) for day in touched for days in range(REACH + 1)})


def dates_to_read(targets: Sequence[str]) -> list[str]:
    """The targets and the dates their 24-hour windows look back to."""
    return sorted({shifted(day, -days) for day in targets for days in range(REACH + 1)})


def passes(targets: Sequence[str], rows: Sequence[DateRows], limit: int = ROWS_A_PASS) -> Iterator[list[str]]:
    """The targets in order, cut so that each part reads at most `limit` rows (or is a single date)."""
    counts: dict[str, int] = {}
    for found in rows:
        counts[found.date] = counts.get(found.date, 0) + found.rows
    part: list[str] = []
    for day in targets:
        if part and sum(counts.get(read, 0) for read in dates_to_read([*part, day])) > limit:
            yield part
            part = []
        part.append(day)
    if part:
        yield part


def touched_dates(context: JobContext, engine: Engine, files: CurrentFiles, result: ValidateResult) -> list[str]:
    """The dates of the run's rows, of those they replaced, and of the copies of both in other files."""
    documents = files.documents(file["file_id"] for file in result["files"])
    touched = set(result["touched_dates"])
    changed = []
    for file in result["files"]:
        document = documents.get(file["file_id"])
        version = version_of(document, file["version"]) if document else None
        if document and version and file["outcome"] == "validated":
            touched.update(version["touched_dates"])
            changed += [(document, entry) for entry in stood_up_to(document["versions"], file["version"])]
    index = EventIds(context.store, files, context.temp)
    if own := index.of_versions(engine, changed):
        copies = index.copies(engine, own, [], documents, files.named(touched))
        touched.update(copy.date for copy in copies)
    return sorted(touched)


def targets_of(context: JobContext, engine: Engine, files: CurrentFiles, task: Task) -> list[str]:
    """The dates to compute: a backfill's exactly, else all that the run's rows reach."""
    if task.validated is None:
        return sorted(set(task.dates))
    return target_dates(touched_dates(context, engine, files, task.validated))


def pass_inputs(
    context: JobContext, engine: Engine, files: CurrentFiles, targets: Sequence[str], reference_version: str
) -> PassInputs:
    """Everything the target dates are computed from, as local files."""
    dates = dates_to_read(targets)
    rows = files.rows(dates)
    paths = fetch(context.store, [Wanted(found.key, found.rows <= SMALL_ROWS) for found in rows], context.temp)
    snapshot = [keys.snapshot_key(reference_version, table) for table in ("tracks", "users")]
    tracks, users = fetch(context.store, [Wanted(key, is_small=False) for key in snapshot], context.temp)
    elsewhere = []
    naming = [path for path, found in zip(paths, rows, strict=True) if found.has_event_ids]
    if naming:
        read = set(dates)
        standing = files.documents(found.file_id for found in rows)
        covered = {
            file_id
            for file_id, document in standing.items()
            if all(set(version["dates"]) <= read for version in document["versions"])
        }
        engine.source("naming", naming, {"event_id": "string"})
        ids = "select event_id from naming where event_id is not null"
        elsewhere = EventIds(context.store, files, context.temp).copies(engine, ids, dates, covered, files.named(dates))
    return PassInputs(targets, rows, paths, tracks, users, elsewhere)


def check_balance(ledgers: dict[str, DateLedger]) -> None:
    """Raises where a date's rows do not add up: then nothing of the run is published."""
    for day, ledger in ledgers.items():
        if ledger["accepted"] != ledger["counted"] + ledger["skipped"] + ledger["duplicate"]:
            raise JobError(
                f"The ledger of {day} does not balance ({ledger}): compare its files' documents with their objects"
                f" under {keys.validated_date_prefix(day)}, then redrive kpi."
            )


def publish(context: JobContext, output: PassOutput, generation: int, reference_version: str) -> list[KpiDate]:
    """Uploads the files of a pass, then lets each date name its own."""

    def upload(file: MetricFile) -> tuple[str, str, KpiObject]:
        key = keys.kpi_key(file.metric, file.date, generation, context.commit_name)
        context.store.upload(file.path, key)
        file.path.unlink()
        return file.date, file.metric, {"key": key, "items": file.items}

    objects: dict[str, dict[str, KpiObject]] = {day: {} for day in output.ledgers}
    for day, metric, uploaded in in_parallel(upload, output.files):
        objects[day][metric] = uploaded

    def name(day: str) -> KpiDate:
        document: DateDocument = {
            "schema_version": 1,
            "date": day,
            "generation": generation,
            "run_id": context.run_id,
            "reference_version": reference_version,
            "computed_at": instant(context.now()),
            "ledger": output.ledgers[day],
            "files": output.sources[day],
            "objects": objects[day],
        }
        published = publish_date(context.store, document)
        items = {metric: found["items"] for metric, found in objects[day].items()}
        return {"date": day, "ledger": output.ledgers[day], "items": items, "published": published}

    return in_parallel(name, sorted(output.ledgers))


def run(context: JobContext, rules: Rules | None = None) -> None:
    """Computes and publishes the dates of the run; does nothing where its result is committed."""
    if context.is_committed():
        return
    rules = rules or Rules()
    task = task_of(context)
    reference_version = task.reference_version
    generation = draw_generation(context.store)
    files = CurrentFiles(context.store, task.file_ids)
    dates: list[KpiDate] = []
    with open_engine(context.engine, context.memory_limit, context.temp) as engine:
        targets = targets_of(context, engine, files, task)
        context.log("targets", generation=generation, dates=targets)
        parts = list(passes(targets, files.rows(dates_to_read(targets))))
        outputs = []
        for part in parts:
            inputs = pass_inputs(context, engine, files, part, reference_version)
            outputs.append(compute(engine, rules, inputs, Path(context.temp) / "kpis"))
            check_balance(outputs[-1].ledgers)
            context.log("computed", dates=part, rows=sum(found.rows for found in inputs.rows))
    for output in outputs:
        dates += publish(context, output, generation, reference_version)
    result: KpiResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "reference_version": reference_version,
        "generation": generation,
        "dates": dates,
    }
    context.commit(result)


def main(argv: list[str]) -> None:
    with glue_job(argv, "kpi") as context:
        run(context)


if __name__ == "__main__":
    main(sys.argv)
