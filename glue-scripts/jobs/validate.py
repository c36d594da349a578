"""validate: validates every row of the run's files and writes the accepted ones by date, the rejected ones to quarantine.

Arguments: --run_id --attempt --bucket, and --held_threshold (0.5): a file of which more than this share of the rows
is rejected is held as a whole. A replay is validated with the row patches and the snapshots of its predecessors, too.
"""

import shutil
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path

from contracts import keys
from contracts.current_version import replaced_dates
from contracts.documents import FileDocument, FileVersion, Reason, ReferenceDocument
from contracts.results import IngestFile, IngestResult, ValidateFile, ValidateResult
from formats.rejection import RejectedFileError
from jobs.context import JobContext, JobError, glue_job, instant
from storage.store import change_json, in_parallel, read_json
from validation.duplicates import Validated
from validation.outcome import Finding, belongs_to, with_finding, with_state
from validation.predecessors import replay_of
from validation.rows import write_empty
from validation.unknown import Asker, NewlyKnown, has_unknown, mark_unknown, unmark
from validation.version import VersionValidator

#: Files of at least this size are validated one at a time, so that their memory does not add up.
LARGE = 64 * 1024 * 1024
#: Small files at once: hides the store's latency; the engine's own threads use the cores.
SMALL_AT_ONCE = 4


def main(argv: list[str]) -> None:
    with glue_job(argv, "validate", {"held_threshold": "0.5"}) as context:
        run(context)


def run(context: JobContext) -> None:
    """The job. Raises JobError where an earlier stage's result is missing or a ledger does not balance."""
    if context.is_committed():
        return
    ingested: IngestResult = context.predecessor_result()
    reference = ingested["reference_version"]
    prepared = [file for file in ingested["files"] if file["outcome"] == "prepared"]
    if reference is None:
        raise JobError(f"run {context.run_id} pins no reference snapshot; only ingest may leave it so, with no file.")
    work = _Validation(context, reference)
    done = work.each(prepared)
    work.look_again([file for file, _ in done])
    result: ValidateResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "reference_version": reference,
        "files": [file for file, _ in done],
        "touched_dates": sorted({date for _, touched in done for date in touched}),
    }
    context.commit(result)


Done = tuple[ValidateFile, list[str]]


class _Validation:
    """The work on the files of one run."""

    def __init__(self, context: JobContext, reference: str) -> None:
        self._context = context
        self._threshold = Fraction(context.options.get("held_threshold", "0.5"))
        self._validate = VersionValidator(context.store, context.temp, context.memory_limit, reference)

    def each(self, prepared: list[IngestFile]) -> list[Done]:
        """Every file validated and decided, in the order given."""
        done: dict[str, Done] = {}
        for file in (file for file in prepared if file["size"] >= LARGE):
            done[file["file_id"]] = self._one(file)
        small = [file for file in prepared if file["size"] < LARGE]
        done |= zip((f["file_id"] for f in small), in_parallel(self._one, small, SMALL_AT_ONCE), strict=True)
        return [done[file["file_id"]] for file in prepared]

    def look_again(self, done: list[ValidateFile]) -> None:
        """What came while the files were validated: a snapshot that knows more, or the end of a file's unknown rows."""
        newest: ReferenceDocument | None = read_json(self._context.store, keys.REFERENCE_KEY)
        again = [file["file_id"] for file in done if file["version"] > 1 or has_unknown(file["ledger"])]
        if newest is not None and newest["reference_version"] is not None:
            asker = Asker(self._context.stage, instant(self._context.now()))
            temp = self._context.temp / "unknown"
            known = NewlyKnown(self._context.store, self._validate.scans, temp, newest["reference_version"], asker)
            self._context.log("looked_again", asked_for=known.ask(again))
        in_parallel(partial(unmark, self._context.store), again)

    def _one(self, file: IngestFile) -> Done:
        document: FileDocument | None = read_json(self._context.store, keys.file_key(file["file_id"]))
        entry = belongs_to(document, file["version"], self._context.run_id)
        if document is None or entry is None or entry["state"] == "rejected":
            return _told(file, entry), []
        if entry["committed_by"] is not None:
            return _told(file, entry), entry["touched_dates"]
        temp = self._context.temp / f"{file['file_id']}-{file['version']}"
        temp.mkdir()
        try:
            return self._validate_and_decide(file, document, entry, temp)
        except RejectedFileError as error:
            return self._reject(file, error.reason)
        finally:
            shutil.rmtree(temp, ignore_errors=True)

    def _validate_and_decide(self, file: IngestFile, document: FileDocument, entry: FileVersion, temp: Path) -> Done:
        versions = self._validate.snapshots(document, entry)
        validated = self._validate.validate(file, document, entry, versions, temp)
        ledger = validated.ledger
        if ledger["read"] != file["read"]:
            raise JobError(
                f"{file['key']} version {file['version']} does not balance: ingest read {file['read']} rows, "
                f"validate validated {ledger['read']}; nothing of it was published."
            )
        rejected = sum(ledger["quarantined"].values())
        replay = replay_of(entry)
        held = rejected > self._threshold * ledger["read"] and not (replay and replay["accept"])
        quarantine = self._put(validated.quarantine, partial(keys.quarantine_key, file["file_id"], file["version"]))
        finding = Finding("validated", ledger, validated.dates, validated.event_ids is not None, quarantine, versions)
        if held:
            share = (
                f"{rejected} of {ledger['read']} rows were quarantined, more than {float(self._threshold):.0%} of them"
            )
            reason: Reason = {"code": "too_many_quarantined", "detail": f"{share}; see {quarantine}"}
            finding = Finding("held", ledger, {}, False, quarantine, versions, reason)
        else:
            self._publish(file, validated, replaced_dates(document, entry) - set(validated.dates), temp)
        if has_unknown(ledger):
            mark_unknown(self._context.store, file["file_id"], file["key"])
        decided = self._decide(file, partial(with_finding, commit=self._context.commit_name, finding=finding))
        self._context.log("file_validated", key=file["key"], version=file["version"], ledger=ledger, held=held)
        return _told(file, decided), decided["touched_dates"] if decided else []

    def _decide(self, file: IngestFile, verdict: Callable[..., FileDocument | None]) -> FileVersion | None:
        """The version's entry as it then stands; None where another run owns it."""
        decide = partial(verdict, version=file["version"], run_id=self._context.run_id)
        stands: FileDocument | None = change_json(self._context.store, keys.file_key(file["file_id"]), decide)
        return belongs_to(stands, file["version"], self._context.run_id)

    def _reject(self, file: IngestFile, reason: Reason) -> Done:
        """A replay that cannot be validated changes nothing: what it reprocesses goes on to count."""
        decided = self._decide(file, partial(with_state, state="rejected", reason=reason))
        self._context.log("replay_rejected", key=file["key"], version=file["version"], reason=reason)
        return _told(file, decided), []

    def _publish(self, file: IngestFile, validated: Validated, emptied: set[str], temp: Path) -> None:
        """Uploads what the document will name: a date's accepted rows, nothing for emptied dates, the event ids."""
        objects = dict(validated.accepted)
        if emptied:
            with self._validate.scans.cursor() as scan:
                write_empty(scan, temp / "empty.parquet")
            objects |= dict.fromkeys(sorted(emptied), temp / "empty.parquet")
        name = (file["file_id"], file["version"], self._context.commit_name)
        uploads = [(path, keys.validated_key(date, *name)) for date, path in objects.items()]
        if validated.event_ids is not None:
            uploads.append((validated.event_ids, keys.event_ids_key(*name)))
        in_parallel(lambda upload: self._context.store.upload(*upload), uploads)

    def _put(self, path: Path | None, key_for: Callable[[str], str]) -> str | None:
        if path is None:
            return None
        key = key_for(self._context.commit_name)
        self._context.store.upload(path, key)
        return key


def _told(file: IngestFile, entry: FileVersion | None) -> ValidateFile:
    """What the result says of a file whose version ended as `entry`; None: another run owns it."""
    head: ValidateFile = {
        "file_id": file["file_id"],
        "key": file["key"],
        "version": file["version"],
        "outcome": "skipped",
        "ledger": None,
        "dates": {},
        "quarantine_key": None,
    }
    if entry is None or entry["state"] not in ("validated", "archived", "held", "superseded"):
        return head
    outcome = "validated" if entry["state"] == "archived" else entry["state"]
    found = {name: entry[name] for name in ("ledger", "dates", "quarantine_key")}
    return {**head, "outcome": outcome, **found}  # type: ignore[typeddict-item]


if __name__ == "__main__":
    main(sys.argv)
