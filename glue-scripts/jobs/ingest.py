"""ingest: pins the reference snapshot, tells what each file of the run is and whether it can be read.

Who builds a snapshot also asks for replays of the files whose unknown users or tracks it knows.

Arguments: --run_id --attempt --bucket, and --engine: for spark every file gets a prepared Parquet file, since that
engine reads nothing else.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

import duckdb

from contracts import keys
from contracts.documents import (
    ArrivalMarker,
    FileDocument,
    FileState,
    FileVersion,
    Reason,
    ReferenceDocument,
    RunDocument,
    RunFile,
)
from contracts.results import IngestFile, IngestResult
from formats.columns import STREAM
from formats.prepare import Prepared, prepare
from formats.rejection import RejectedFileError
from jobs.context import JobContext, glue_job, instant
from reference.files import pin_reference
from sql.database import connect
from storage.raw import download_raw
from storage.store import MissingObjectError, ObjectInfo, change_json, create_json, in_parallel, read_json
from validation.outcome import belongs_to, with_state
from validation.predecessors import first_modified
from validation.unknown import Asker, NewlyKnown, marked_files

#: Files at once: hides the store's latency; reading them takes turns anyway.
AT_ONCE = 4


def main(argv: list[str]) -> None:
    with glue_job(argv, "ingest") as context:
        run(context)


def run(context: JobContext) -> None:
    """The job. Raises JobError where run.json is missing."""
    if context.is_committed():
        return
    document: RunDocument = context.must_read(keys.run_key(context.run_id))
    database = connect(context.memory_limit, context.temp, ordered=True)
    now = instant(context.now())
    reference, snapshot = pin_reference(context.store, database, context.temp, context.run_id, now)
    version = reference["reference_version"]
    context.log("reference_pinned", reference_version=version, snapshot=snapshot)
    _ask_for_replays(context, database, reference)
    work = _Preparation(context, database, has_reference=version is not None)
    result: IngestResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "reference_version": version,
        "files": in_parallel(work.one, document["files"], AT_ONCE),
        "snapshot": snapshot,
    }
    context.commit(result)


def _ask_for_replays(context: JobContext, database: duckdb.DuckDBPyConnection, reference: ReferenceDocument) -> None:
    """Looks through the files with unknown rows if the snapshot is this run's own, at every attempt."""
    version = reference["reference_version"]
    if version is None or reference["run_id"] != context.run_id:
        return
    asker = Asker(context.stage, instant(context.now()))
    known = NewlyKnown(context.store, database, context.temp / "unknown", version, asker)
    asked = known.ask(marked_files(context.store))
    context.log("replays_asked_for", reference_version=version, files=asked)


class _Preparation:
    """The work on the files of one run."""

    def __init__(self, context: JobContext, database: duckdb.DuckDBPyConnection, has_reference: bool) -> None:
        self._context = context
        self._store = context.store
        self._database = database
        self._has_reference = has_reference

    def one(self, file: RunFile) -> IngestFile:
        """What becomes of one file; its document says it too where it goes no further."""
        document: FileDocument | None = read_json(self._store, keys.file_key(file["file_id"]))
        entry = belongs_to(document, file["version"], self._context.run_id)
        if document is None or entry is None or entry["state"] not in ("running", "waiting", "rejected"):
            return _told(file, "skipped")
        # What is reprocessed had reference data when it was validated: it never waits.
        if not file.get("replay") and (not self._has_reference or entry["state"] == "waiting"):
            return self._wait(file)
        temp = self._context.temp / f"{file['file_id']}-{file['version']}"
        temp.mkdir()
        try:
            return self._prepare(file, document, entry, temp)
        except RejectedFileError as error:
            self._decide(file, "rejected", error.reason)
            self._context.log("file_rejected", key=file["key"], version=file["version"], reason=error.reason)
            return _told(file, "rejected", reason=error.reason)
        finally:
            shutil.rmtree(temp, ignore_errors=True)

    def _prepare(self, file: RunFile, document: FileDocument, entry: FileVersion, temp: Path) -> IngestFile:
        stored = temp / "stored"
        try:
            raw, info = download_raw(self._store, document, file, stored)
        except MissingObjectError as error:
            raise RejectedFileError("missing_object", f"{error}: it was deleted before it was read") from error
        with self._database.cursor() as cursor:
            rewrite = self._context.engine != "duckdb"
            prepared = prepare(cursor, stored, STREAM, temp, rewrite)
        self._context.log("file_prepared", key=file["key"], version=file["version"], read=prepared.read)
        return _told(
            file,
            "prepared",
            raw=raw if file.get("replay") else None,
            last_modified=self._last_modified(file, document, entry, info),
            format=prepared.format,
            compression=prepared.compression,
            read=prepared.read,
            source=self._source(file, prepared),
        )

    def _last_modified(self, file: RunFile, document: FileDocument, entry: FileVersion, info: ObjectInfo) -> str:
        """Of the content's first arrival: a replay may read a copy, which is younger."""
        return first_modified(self._store, document, entry) if file.get("replay") else instant(info.last_modified)

    def _source(self, file: RunFile, prepared: Prepared) -> dict[str, Any]:
        """How validate finds the rows again: in the raw file, or in the prepared one, which is uploaded here."""
        if prepared.source["kind"] != "prepared":
            return {**prepared.source}
        context = self._context
        key = keys.prepared_key(context.run_id, file["file_id"], file["version"], context.commit_name)
        self._store.upload(prepared.rows, key)
        return {**prepared.source, "key": key}

    def _wait(self, file: RunFile) -> IngestFile:
        """The marker first: a file that waits without one would wait for ever."""
        marker: ArrivalMarker = {
            "schema_version": 1,
            "kind": "stream",
            "key": file["key"],
            "file_id": file["file_id"],
            "version_id": file["version_id"],
        }
        create_json(self._store, keys.waiting_key(file["file_id"]), marker)
        self._decide(file, "waiting", None)
        self._context.log("file_waits", key=file["key"], version=file["version"])
        return _told(file, "waiting")

    def _decide(self, file: RunFile, state: FileState, reason: Reason | None) -> None:
        run_id = self._context.run_id
        change_json(
            self._store,
            keys.file_key(file["file_id"]),
            lambda document: with_state(document, file["version"], run_id, state, reason),
        )


def _told(file: RunFile, outcome: str, **found: Any) -> IngestFile:
    """The result's entry of a file."""
    nothing: dict[str, Any] = dict.fromkeys(("last_modified", "reason", "format", "compression", "read", "source"))
    named = {name: file[name] for name in ("file_id", "key", "version", "version_id", "etag", "size")}
    # A run.json of before there were replays says nothing of them.
    replay = {"replay": file.get("replay"), "raw": file.get("raw")}
    return {**named, **replay, "outcome": outcome, **nothing, **found}  # type: ignore[typeddict-item]


if __name__ == "__main__":
    main(sys.argv)
