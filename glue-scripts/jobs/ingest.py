"""music_streaming_ingestion: pins the reference snapshot, detects the format of each file of the run, counts its rows.

The run that builds a snapshot requests replays of the files whose unknown users or tracks the snapshot knows.
"""

import sys

import duckdb

from contracts import keys
from contracts.documents import ReferenceDocument, RunDocument
from contracts.results import IngestResult
from jobs.context import JobContext, glue_job, instant
from jobs.file_preparation import FilePreparation
from reference.files import pin_reference
from spread.local import over_files
from sql.database import connect
from validation.replay_requests import ReplayRequests, Requester
from validation.unknown import marked_files

#: Files at once, to hide the store's latency; the engine reads them one after the other anyway.
AT_ONCE = 4


def main(argv: list[str]) -> None:
    with glue_job(argv, "ingest") as context:
        run(context)


def run(context: JobContext) -> None:
    """Ingests the run. Raises JobError if run.json is missing."""
    if context.is_committed():
        return
    document: RunDocument = context.must_read(keys.run_key(context.run_id))
    database = connect(context.memory_limit, context.temp, ordered=True)
    now = instant(context.now())
    reference, snapshot = pin_reference(context.store, database, context.temp, context.run_id, now)
    version = reference["reference_version"]
    context.log("reference_pinned", reference_version=version, snapshot=snapshot)
    _request_replays(context, database, reference)
    work = FilePreparation(context, database, has_reference=version is not None)
    result: IngestResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "reference_version": version,
        "files": over_files(work.prepare, document["files"], AT_ONCE),
        "snapshot": snapshot,
    }
    context.commit(result)


def _request_replays(context: JobContext, database: duckdb.DuckDBPyConnection, reference: ReferenceDocument) -> None:
    """Requests replays if this run has built the snapshot. Each attempt does: the one before may have died."""
    version = reference["reference_version"]
    if version is None or reference["run_id"] != context.run_id:
        return
    requester = Requester(context.stage, instant(context.now()))
    requests = ReplayRequests(context.store, database, context.temp / "unknown", version, requester)
    files = requests.request(marked_files(context.store))
    context.log("replays_requested", reference_version=version, files=files)


if __name__ == "__main__":
    main(sys.argv)
