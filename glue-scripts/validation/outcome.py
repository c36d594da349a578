"""The outcome of ingest and validate for a file's document (docs/state.md). Pure: decided again after a lost race."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from contracts.current_version import version_of
from contracts.documents import FileDocument, FileLedger, FileState, FileVersion, Reason
from contracts.results import IngestFile, ValidateFile
from validation.decided_versions import is_superseded, replaced_dates
from validation.rows import ValidatedRows

#: What the result says of a version in a state that validate gave it, or that it has reached since.
OUTCOMES: dict[FileState, Literal["validated", "held", "superseded"]] = {
    "validated": "validated",
    "archived": "validated",
    "held": "held",
    "superseded": "superseded",
}


@dataclass(frozen=True)
class Outcome:
    """The outcome of a validated version: `state` is validated or held. A held file has no dates: no row of it counts.

    `reference_versions` are the snapshots that it was validated with, oldest first.
    """

    state: FileState
    ledger: FileLedger
    dates: dict[str, int]
    reused_event_ids: int
    quarantine_key: str | None
    reference_versions: Sequence[str] = ()
    reason: Reason | None = None


def too_many_quarantined(ledger: FileLedger, threshold: Fraction) -> Reason | None:
    """Returns why a file is put on hold, None if at most the share `threshold` of its rows is quarantined."""
    quarantined = sum(ledger["quarantined"].values())
    if quarantined <= threshold * ledger["read"]:
        return None
    share = f"{quarantined} of {ledger['read']} rows were quarantined, more than {float(threshold):.0%} of them"
    return {"code": "too_many_quarantined", "detail": share}


def outcome_of(
    rows: ValidatedRows, quarantine_key: str | None, reference_versions: Sequence[str], held: Reason | None
) -> Outcome:
    """Returns the outcome of `rows`; `held` is why the file is put on hold."""
    return Outcome(
        state="held" if held else "validated",
        ledger=rows.ledger,
        dates={} if held else rows.dates,
        reused_event_ids=rows.reused_event_ids,
        quarantine_key=quarantine_key,
        reference_versions=reference_versions,
        reason=held,
    )


def belongs_to(document: FileDocument | None, version: int, run_id: str) -> FileVersion | None:
    """Returns the version's entry if the run owns it."""
    entry = version_of(document, version) if document else None
    return entry if entry and entry["run_id"] == run_id else None


def with_state(
    document: FileDocument | None, version: int, run_id: str, state: FileState, reason: Reason | None
) -> FileDocument | None:
    """Returns the document with a running version rejected or waiting; None if there is nothing to change."""
    entry = belongs_to(document, version, run_id)
    if document is None or entry is None or entry["state"] != "running":
        return None
    return _with_entry(document, {**entry, "state": state, "reason": reason})


def with_outcome(
    document: FileDocument | None, version: int, run_id: str, commit: str, outcome: Outcome
) -> FileDocument | None:
    """Returns the document with the outcome of a version; None if it has one already or the run does not own it."""
    entry = belongs_to(document, version, run_id)
    if document is None or entry is None or entry["committed_by"] or entry["state"] == "superseded":
        return None
    validated: FileVersion = {
        **entry,
        "ledger": outcome.ledger,
        "reused_event_ids": outcome.reused_event_ids,
        "reference_versions": [*outcome.reference_versions],
    }
    if is_superseded(document, entry):
        return _with_entry(document, {**validated, "state": "superseded"})
    touched = {*outcome.dates, *replaced_dates(document, entry)} if outcome.state == "validated" else set()
    decided: FileVersion = {
        **validated,
        "state": outcome.state,
        "reason": outcome.reason,
        "dates": outcome.dates,
        "touched_dates": sorted(touched),
        "committed_by": commit,
        "quarantine_key": outcome.quarantine_key,
    }
    return _with_entry(document, decided)


def _with_entry(document: FileDocument, entry: FileVersion) -> FileDocument:
    versions = [entry if v["version"] == entry["version"] else v for v in document["versions"]]
    return {**document, "versions": versions}


def result_entry(file: IngestFile, entry: FileVersion | None) -> ValidateFile:
    """Returns the result's entry for a file whose version has the final `entry`; None if another run owns it."""
    skipped: ValidateFile = {
        "file_id": file["file_id"],
        "key": file["key"],
        "version": file["version"],
        "outcome": "skipped",
        "ledger": None,
        "dates": {},
        "reused_event_ids": 0,
        "quarantine_key": None,
    }
    outcome = OUTCOMES.get(entry["state"]) if entry else None
    if entry is None or outcome is None:
        return skipped
    return {
        **skipped,
        "outcome": outcome,
        "ledger": entry["ledger"],
        "dates": entry["dates"],
        "reused_event_ids": entry["reused_event_ids"],
        "quarantine_key": entry["quarantine_key"],
    }
