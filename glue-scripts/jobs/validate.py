"""validate: validates each row of the run's files; writes accepted rows by date, and quarantined rows with a reason.

Arguments: --run_id --attempt --bucket, and --held_threshold (0.5): a file with a larger share of quarantined rows is
put on hold. A replay is validated with the row patches and the snapshots of its predecessors too.
"""

import shutil
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import NamedTuple

from contracts import keys
from contracts.current_version import replaced_dates
from contracts.documents import FileDocument, FileVersion, Reason, ReferenceDocument
from contracts.results import IngestFile, IngestResult, ValidateFile, ValidateResult
from formats.rejection import RejectedFileError
from jobs.context import JobContext, JobError, glue_job, instant
from storage.store import change_json, in_parallel, read_json
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
from validation.replay_requests import ReplayRequests, Requester
from validation.rows import ValidatedRows
from validation.unknown import has_unknown, mark_unknown, unmark
from validation.version import VersionValidator

#: Files of at least this size are validated one at a time, so that their memory does not add up.
LARGE = 64 * 1024 * 1024
#: Small files at once, to hide the store's latency; the engine's own threads use the cores.
SMALL_AT_ONCE = 4


def main(argv: list[str]) -> None:
    with glue_job(argv, "validate", {"held_threshold": "0.5"}) as context:
        run(context)


def run(context: JobContext, threshold_of: Callable[[str], Fraction] | None = None) -> None:
    """Validates the run. Raises JobError if ingest's result is missing or a ledger does not balance.

    `threshold_of` gives the share of quarantined rows above which the file of a key is put on hold.
    """
    if context.is_committed():
        return
    ingested: IngestResult = context.predecessor_result()
    reference = ingested["reference_version"]
    if reference is None:
        raise JobError(f"run {context.run_id} pins no reference snapshot; only ingest may leave it so, with no file.")
    validator = VersionValidator(context.store, context.temp, context.memory_limit, reference)
    default = Fraction(context.options.get("held_threshold", "0.5"))
    work = _FileValidation(context, validator, threshold_of or (lambda _key: default))
    done = _validate_all(work, [file for file in ingested["files"] if file["outcome"] == "prepared"])
    entries = [file.entry for file in done]
    _request_replays(context, validator, entries)
    result: ValidateResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "reference_version": reference,
        "files": entries,
        "touched_dates": sorted({date for file in done for date in file.touched_dates}),
    }
    context.commit(result)


class Done(NamedTuple):
    """What the result says of a file, and the dates whose rows it changes."""

    entry: ValidateFile
    touched_dates: list[str]


def _validate_all(work: "_FileValidation", files: list[IngestFile]) -> list[Done]:
    """Validates each file, the large ones one at a time; returns their outcomes in the order of `files`."""
    large = [file for file in files if file["size"] >= LARGE]
    small = [file for file in files if file["size"] < LARGE]
    done = {file["file_id"]: work.validate(file) for file in large}
    done |= zip((file["file_id"] for file in small), in_parallel(work.validate, small, SMALL_AT_ONCE), strict=True)
    return [done[file["file_id"]] for file in files]


def _request_replays(context: JobContext, validator: VersionValidator, done: list[ValidateFile]) -> None:
    """Requests replays for a snapshot that was built meanwhile; removes the marks of files without unknown rows."""
    newest: ReferenceDocument | None = read_json(context.store, keys.REFERENCE_KEY)
    files = [file["file_id"] for file in done if file["version"] > 1 or has_unknown(file["ledger"])]
    if newest is not None and newest["reference_version"] is not None:
        requester = Requester(context.stage, instant(context.now()))
        temp = context.temp / "unknown"
        requests = ReplayRequests(context.store, validator.scans, temp, newest["reference_version"], requester)
        context.log("replays_requested", reference_version=newest["reference_version"], files=requests.request(files))
    in_parallel(partial(unmark, context.store), files)


class _FileValidation:
    """Validates the files of one run, publishes their rows and writes their documents."""

    def __init__(
        self, context: JobContext, validator: VersionValidator, threshold_of: Callable[[str], Fraction]
    ) -> None:
        self._context = context
        self._store = context.store
        self._validator = validator
        self._threshold_of = threshold_of

    def validate(self, file: IngestFile) -> Done:
        document: FileDocument | None = read_json(self._store, keys.file_key(file["file_id"]))
        entry = belongs_to(document, file["version"], self._context.run_id)
        if document is None or entry is None or entry["state"] == "rejected":
            return Done(result_entry(file, entry), [])
        if entry["committed_by"] is not None:
            return Done(result_entry(file, entry), entry["touched_dates"])
        temp = self._context.temp / f"{file['file_id']}-{file['version']}"
        temp.mkdir()
        try:
            return self._validate_rows(file, document, entry, temp)
        except RejectedFileError as error:
            return self._reject(file, error.reason)
        finally:
            shutil.rmtree(temp, ignore_errors=True)

    def _validate_rows(self, file: IngestFile, document: FileDocument, entry: FileVersion, temp: Path) -> Done:
        versions = self._validator.snapshots(document, entry)
        rows = self._validator.validate(file, document, entry, versions, temp)
        _require_balance(file, rows)
        commit, replay = self._context.commit_name, entry["replay"]
        quarantine_key = publish_quarantine(self._store, file, commit, rows.quarantine)
        is_accepted = replay is not None and replay["accept"]
        threshold = self._threshold_of(file["key"])
        reason = None if is_accepted else too_many_quarantined(rows.ledger, threshold, quarantine_key)
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
        return Done(result_entry(file, decided), decided["touched_dates"] if decided else [])

    def _decide(self, file: IngestFile, change: Callable[..., FileDocument | None]) -> FileVersion | None:
        """Changes the file's document; returns the version's entry in it, None if another run owns the version."""
        decide = partial(change, version=file["version"], run_id=self._context.run_id)
        document: FileDocument | None = change_json(self._store, keys.file_key(file["file_id"]), decide)
        return belongs_to(document, file["version"], self._context.run_id)

    def _reject(self, file: IngestFile, reason: Reason) -> Done:
        """Rejects a replay that cannot be validated. It changes nothing: the version that it reprocesses goes on."""
        decided = self._decide(file, partial(with_state, state="rejected", reason=reason))
        self._context.log("replay_rejected", key=file["key"], version=file["version"], reason=reason)
        return Done(result_entry(file, decided), [])

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


if __name__ == "__main__":
    main(sys.argv)
