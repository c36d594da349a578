"""Validates the files of a run, publishes their rows and writes their documents."""

import shutil
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import NamedTuple

from contracts import keys
from contracts.documents import FileDocument, FileVersion, Reason
from contracts.results import IngestFile, ValidateFile
from formats.rejection import RejectedFileError
from jobs.context import JobContext, JobError
from storage.store import change_json, read_json
from validation.decided_versions import replaced_dates
from validation.outcome import (
    Outcome,
    belongs_to,
    outcome_of,
    result_entry,
    too_many_quarantined,
    with_outcome,
    with_state,
)
from validation.publish import publish_accepted, publish_quarantine
from validation.rows import ValidatedRows
from validation.unknown import has_unknown, mark_unknown
from validation.version import VersionValidator


class ValidatedFile(NamedTuple):
    """What the result says of a file, and the dates whose rows it changes."""

    entry: ValidateFile
    touched_dates: list[str]


class FileValidation:
    """Validates the files of one run, publishes their rows and writes their documents."""

    def __init__(
        self, context: JobContext, validator: VersionValidator, threshold_of: Callable[[str], Fraction]
    ) -> None:
        self._context = context
        self._store = context.store
        self._validator = validator
        self._threshold_of = threshold_of

    def validate(self, file: IngestFile) -> ValidatedFile:
        document: FileDocument | None = read_json(self._store, keys.file_key(file["file_id"]))
        entry = belongs_to(document, file["version"], self._context.run_id)
        if document is None or entry is None or entry["state"] == "rejected":
            return ValidatedFile(result_entry(file, entry), [])
        if entry["committed_by"] is not None:
            return ValidatedFile(result_entry(file, entry), entry["touched_dates"])
        temp = self._context.temp / f"{file['file_id']}-{file['version']}"
        temp.mkdir()
        try:
            return self._validate_rows(file, document, entry, temp)
        except RejectedFileError as error:
            return self._reject(file, error.reason)
        finally:
            shutil.rmtree(temp, ignore_errors=True)

    def _validate_rows(self, file: IngestFile, document: FileDocument, entry: FileVersion, temp: Path) -> ValidatedFile:
        versions = self._validator.snapshots(document, entry)
        rows = self._validator.validate(file, document, entry, versions, temp)
        _require_balance(file, rows)
        commit, replay = self._context.commit_name, entry["replay"]
        quarantine_key = publish_quarantine(self._store, file, commit, rows.quarantine)
        is_accepted = replay is not None and replay["accept"]
        threshold = self._threshold_of(file["key"])
        reason = None if is_accepted else too_many_quarantined(rows.ledger, threshold)
        if reason is None:
            emptied = sorted(replaced_dates(document, entry) - set(rows.dates))
            objects = {date: found.path for date, found in rows.accepted.items()}
            objects |= {date: self._validator.empty_object() for date in emptied}
            publish_accepted(self._store, file, commit, objects)
        if has_unknown(rows.ledger):
            mark_unknown(self._store, file["file_id"], file["key"])
        outcome = outcome_of(rows, quarantine_key, versions, reason)
        decided = self._decide(file, partial(with_outcome, commit=commit, outcome=outcome))
        self._log_validated(file, outcome)
        return ValidatedFile(result_entry(file, decided), decided["touched_dates"] if decided else [])

    def _decide(self, file: IngestFile, change: Callable[..., FileDocument | None]) -> FileVersion | None:
        """Changes the file's document; returns the version's entry in it, None if another run owns the version."""
        decide = partial(change, version=file["version"], run_id=self._context.run_id)
        document: FileDocument | None = change_json(self._store, keys.file_key(file["file_id"]), decide)
        return belongs_to(document, file["version"], self._context.run_id)

    def _reject(self, file: IngestFile, reason: Reason) -> ValidatedFile:
        """Rejects a replay that cannot be validated. It changes nothing: the version that it reprocesses goes on."""
        decided = self._decide(file, partial(with_state, state="rejected", reason=reason))
        self._context.log("replay_rejected", key=file["key"], version=file["version"], reason=reason)
        return ValidatedFile(result_entry(file, decided), [])

    def _log_validated(self, file: IngestFile, outcome: Outcome) -> None:
        log = partial(self._context.log, key=file["key"], version=file["version"])
        log("file_validated", state=outcome.state, ledger=outcome.ledger)
        if outcome.reused_event_ids:
            log("event_ids_reused", level="WARNING", reused_event_ids=outcome.reused_event_ids)


def _require_balance(file: IngestFile, rows: ValidatedRows) -> None:
    if rows.ledger["read"] != file["read"]:
        raise JobError(
            f"{file['key']} version {file['version']} does not balance: ingest read {file['read']} rows, "
            f"validate {rows.ledger['read']}; nothing of it was published."
        )
