"""music_streaming_archival: moves what a run is done with to archived/, and only then deletes its raw files.

A backfill has no files: its KPIs and lineage are archived all the same.
"""

import sys

from archive.copies import Copied, copy_verified
from archive.lineage import Json, attempts, date_lineage, file_lineage
from contracts import keys
from contracts.documents import FileDocument, RunDocument, version_of
from contracts.results import ArchiveResult, KpiResult, LoadResult
from jobs.context import JobContext, JobError, glue_job, instant
from storage.raw_files import OfRun, copy_raw, newest_of_run, remove_raw
from storage.store import encode, in_parallel, read_json


def files_of_run(context: JobContext, run: RunDocument) -> list[OfRun]:
    """The versions whose documents say that this run took them."""

    def look_up(file_id: str, number: int) -> OfRun | None:
        document: FileDocument = context.must_read(keys.file_key(file_id))
        version = version_of(document, number)
        if version is None or version["run_id"] != context.run_id:
            return None
        return OfRun(document, version)

    found = in_parallel(lambda file: look_up(file["file_id"], file["version"]), run["files"])
    return [of_run for of_run in found if of_run]


def copy_rows(context: JobContext, of_run: OfRun) -> list[Copied]:
    """The version's validated rows in the archive, one object a date."""
    file_id, version = of_run.document["file_id"], of_run.version
    commit = version["committed_by"]
    if version["state"] not in ("validated", "archived") or commit is None:
        return []
    copies = []
    for date in version["dates"]:
        key = keys.validated_key(date, file_id, version["version"], commit)
        copied = copy_verified(context.store, key, keys.archived_rows_key(context.run_id, key))
        if copied is None:
            raise JobError(f"{key} is missing although {keys.file_key(file_id)} names it; nothing was deleted.")
        copies.append(copied)
    return copies


def kpi_names(kpi: KpiResult) -> dict[str, Json]:
    """Date → metric → key of the object that the run's kpi job wrote and published."""
    commit = f"{kpi['run_id']}-{kpi['attempt']}"
    return {
        found["date"]: {
            metric: keys.kpi_key(metric, found["date"], kpi["generation"], commit)
            for metric in found["items"]
            if found["published"]
        }
        for found in kpi["dates"]
    }


def copy_kpis(context: JobContext, prefix: str, names: dict[str, Json]) -> dict[str, Copied | None]:
    """Key → its copy, None where a newer generation has replaced it (load removes the older ones)."""
    wanted = [key for of_date in names.values() for key in of_date.values()]
    copied = in_parallel(lambda key: copy_verified(context.store, key, f"{prefix}{key}"), wanted)
    return dict(zip(wanted, copied, strict=True))


def write_lineage(context: JobContext, prefix: str, told: Json) -> str:
    """Writes lineage.json and reads it back; returns its key. A repeated attempt writes the same again."""
    key = f"{prefix}lineage.json"
    head = {"schema_version": 1, "run_id": context.run_id, "written_at": instant(context.now())}
    context.store.put(key, encode({**head, **told}))
    if read_json(context.store, key) is None:
        raise JobError(f"{key} cannot be read back; nothing was deleted, redrive archive of {context.run_id}.")
    return key


def run(context: JobContext) -> None:
    """Archives the run; does nothing where its result is committed. May be stopped anywhere and started again."""
    if context.is_committed():
        return
    run: RunDocument = context.must_read(keys.run_key(context.run_id))
    # A backfill begins at kpi.
    before = [] if run.get("dates") else [(stage, context.result_of(stage)) for stage in ("ingest", "validate")]
    kpi: KpiResult = context.result_of("kpi")
    load: LoadResult = context.result_of("load")
    prefix = keys.archive_prefix(context.run_id)
    files = files_of_run(context, run)
    newest = newest_of_run(files)
    raw = in_parallel(lambda of_run: copy_raw(context.store, prefix, newest, of_run), files)
    rows = in_parallel(lambda of_run: copy_rows(context, of_run), files)
    names = kpi_names(kpi)
    kpis = copy_kpis(context, prefix, names)
    told = {
        "reference_version": kpi["reference_version"],
        "attempts": attempts([*before, ("kpi", kpi), ("load", load)], context.attempt),
        "why": run.get("why"),
        "asked_for": run.get("dates", []),
        "files": [
            file_lineage(f.document, f.version, r.copied if r else None, v)
            for f, r, v in zip(files, raw, rows, strict=True)
        ],
        "dates": date_lineage(kpi, load, kpis, names),
    }
    lineage_key = write_lineage(context, prefix, told)
    archived = [(of_run, found) for of_run, found in zip(files, raw, strict=True) if found]
    removed = in_parallel(lambda pair: remove_raw(context.store, *pair), archived)
    moved = sum(found.moved for _, found in archived)
    objects = moved + sum(len(found) for found in rows) + sum(found is not None for found in kpis.values())
    result: ArchiveResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "archive_prefix": prefix,
        "lineage_key": lineage_key,
        "files": removed,
        "objects": objects,
    }
    context.log("archived", files=len(removed), objects=objects, prefix=prefix)
    context.commit(result)


def main(argv: list[str]) -> None:
    with glue_job(argv, "archive") as context:
        run(context)


if __name__ == "__main__":
    main(sys.argv)
