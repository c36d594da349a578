"""Prepares the files of a run: detects their format, counts their rows, decides which are rejected or wait."""

import shutil
from pathlib import Path
from typing import Any, cast

import duckdb

from contracts import keys
from contracts.documents import ArrivalMarker, FileDocument, FileState, FileVersion, Reason, RunFile
from contracts.results import IngestFile
from formats.columns import STREAM
from formats.prepare import prepare
from formats.rejection import RejectedFileError
from formats.relation import FileRows
from jobs.context import JobContext, instant
from storage.raw import download_raw
from storage.store import MissingObjectError, change_json, create_json, read_json
from validation.outcome import belongs_to, with_state
from validation.predecessors import first_modified


class FilePreparation:
    """Prepares the files of one run and writes the documents of those that are rejected or wait."""

    def __init__(self, context: JobContext, database: duckdb.DuckDBPyConnection, has_reference: bool) -> None:
        self._context = context
        self._store = context.store
        self._database = database
        self._has_reference = has_reference

    def prepare(self, file: RunFile) -> IngestFile:
        document: FileDocument | None = read_json(self._store, keys.file_key(file["file_id"]))
        entry = belongs_to(document, file["version"], self._context.run_id)
        if document is None or entry is None or entry["state"] not in ("running", "waiting", "rejected"):
            return _result_entry(file, "skipped")
        # A replay never waits: its content was validated with a snapshot before.
        if file["replay"] is None and (not self._has_reference or entry["state"] == "waiting"):
            return self._wait(file)
        temp = self._context.temp / f"{file['file_id']}-{file['version']}"
        temp.mkdir()
        try:
            return self._prepare(file, document, entry, temp)
        except RejectedFileError as error:
            self._decide(file, "rejected", error.reason)
            self._context.log("file_rejected", key=file["key"], version=file["version"], reason=error.reason)
            return _result_entry(file, "rejected", reason=error.reason)
        finally:
            shutil.rmtree(temp, ignore_errors=True)

    def _prepare(self, file: RunFile, document: FileDocument, entry: FileVersion, temp: Path) -> IngestFile:
        stored = temp / "stored"
        try:
            raw, info = download_raw(self._store, document, file, stored)
        except MissingObjectError as error:
            raise RejectedFileError("missing_object", f"{error}: it was deleted before it was read") from error
        with self._database.cursor() as cursor:
            prepared = prepare(cursor, stored, STREAM, temp)
        self._context.log("file_prepared", key=file["key"], version=file["version"], read=prepared.read)
        is_replay = file["replay"] is not None
        # The bytes of a replay may come from the archive, where they are younger than their upload.
        modified = first_modified(self._store, document, entry) if is_replay else instant(info.last_modified)
        return _result_entry(
            file,
            "prepared",
            raw=raw if is_replay else None,
            last_modified=modified,
            format=prepared.format,
            compression=prepared.compression,
            read=prepared.read,
            source=self._source(file, prepared.rows),
        )

    def _source(self, file: RunFile, rows: FileRows) -> dict[str, Any]:
        """Returns how validate reads the rows; uploads the prepared file if there is one."""
        if rows.source["kind"] != "prepared":
            return {**rows.source}
        context = self._context
        key = keys.prepared_key(context.run_id, file["file_id"], file["version"], context.commit_name)
        self._store.upload(rows.path, key)
        return {**rows.source, "key": key}

    def _wait(self, file: RunFile) -> IngestFile:
        """Writes the marker before the document: a file that waits without a marker would wait forever."""
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
        return _result_entry(file, "waiting")

    def _decide(self, file: RunFile, state: FileState, reason: Reason | None) -> None:
        run_id = self._context.run_id
        change_json(
            self._store,
            keys.file_key(file["file_id"]),
            lambda document: with_state(document, file["version"], run_id, state, reason),
        )


def _result_entry(file: RunFile, outcome: str, **found: Any) -> IngestFile:
    entry = {
        "file_id": file["file_id"],
        "key": file["key"],
        "version": file["version"],
        "version_id": file["version_id"],
        "etag": file["etag"],
        "size": file["size"],
        "replay": file["replay"],
        "raw": file["raw"],
        "outcome": outcome,
        **dict.fromkeys(("last_modified", "reason", "format", "compression", "read", "source")),
        **found,
    }
    return cast(IngestFile, entry)
