"""music_streaming_archival: copies what a run produced to archived/, and only then deletes its raw files.

A backfill has no files; its KPIs and lineage are archived all the same.
"""

import sys
from typing import Any

from archive.copy_run import copy_run
from archive.lineage import Json, run_lineage
from archive.raw_files import remove_raw
from archive.results import published_keys
from archive.run_version import RunVersion
from contracts import keys
from contracts.current_version import version_of
from contracts.documents import FileDocument, RunDocument
from contracts.results import ArchiveResult
from contracts.stages import BACKFILL_START, stages
from jobs.context import JobContext, JobError, glue_job, instant
from storage.store import encode, in_parallel, read_json


def versions_of_run(context: JobContext, run: RunDocument) -> list[RunVersion]:
    """Returns the versions whose documents say that they belong to this run."""

    def look_up(file_id: str, number: int) -> RunVersion | None:
        document: FileDocument = context.must_read(keys.file_key(file_id))
        version = version_of(document, number)
        belongs = version is not None and version["run_id"] == context.run_id
        return RunVersion(document, version) if version and belongs else None

    found = in_parallel(lambda file: look_up(file["file_id"], file["version"]), run["files"])
    return [version for version in found if version]


def results_of(context: JobContext, run: RunDocument) -> dict[str, Any]:
    """Returns the results of the stages before this one, in order."""
    names = [entry["name"] for entry in stages()]
    first = names.index(BACKFILL_START) if run["dates"] else 0
    return {stage: context.result_of(stage) for stage in names[first : names.index(context.stage)]}


def write_lineage(context: JobContext, lineage: Json) -> str:
    """Writes lineage.json and reads it back; returns its key. A repeated attempt writes the same content again."""
    key = f"{keys.archive_prefix(context.run_id)}lineage.json"
    head = {"schema_version": 1, "run_id": context.run_id, "written_at": instant(context.now())}
    context.store.put(key, encode({**head, **lineage}))
    if read_json(context.store, key) is None:
        raise JobError(f"{key} cannot be read back; nothing was deleted, redrive archive of {context.run_id}.")
    return key


def run(context: JobContext) -> None:
    """Archives the run, unless its result is committed. It may be stopped anywhere and started again."""
    if context.is_committed():
        return
    run: RunDocument = context.must_read(keys.run_key(context.run_id))
    results = results_of(context, run)
    versions = versions_of_run(context, run)
    kpi_keys = published_keys(results["kpi"])

    copies = copy_run(context.store, context.run_id, versions, kpi_keys)
    lineage = run_lineage(run, results, versions, kpi_keys, copies)
    lineage["attempts"][context.stage] = context.attempt
    lineage_key = write_lineage(context, lineage)

    archived = [(found, raw) for found, raw in zip(versions, copies.raw_files, strict=True) if raw]
    removed = in_parallel(lambda pair: remove_raw(context.store, *pair), archived)
    result: ArchiveResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "archive_prefix": keys.archive_prefix(context.run_id),
        "lineage_key": lineage_key,
        "files": removed,
        "objects": copies.objects,
    }
    context.log("archived", files=len(removed), objects=copies.objects, prefix=result["archive_prefix"])
    context.commit(result)


def main(argv: list[str]) -> None:
    with glue_job(argv, "archive") as context:
        run(context)


if __name__ == "__main__":
    main(sys.argv)
