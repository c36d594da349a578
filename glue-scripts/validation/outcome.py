"""What a job's finding means to a file's document (docs/state.md). Pure: asked again after every lost race."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.current_version import is_superseded, replaced_dates, version_of
from contracts.documents import FileDocument, FileLedger, FileState, FileVersion, Reason


@dataclass(frozen=True)
class Finding:
    """What validate found in one version: `state` is validated or held; held rows count nowhere, so it has no dates.

    `reference_versions` are the snapshots it was validated with, oldest first.
    """

    state: FileState
    ledger: FileLedger
    dates: dict[str, int]
    has_event_ids: bool
    quarantine_key: str | None
    reference_versions: Sequence[str] = ()
    reason: Reason | None = None


def belongs_to(document: FileDocument | None, version: int, run_id: str) -> FileVersion | None:
    """The version's entry, if the run still owns it."""
    entry = version_of(document, version) if document else None
    return entry if entry and entry["run_id"] == run_id else None


def replaced(document: FileDocument, entry: FileVersion) -> FileDocument:
    """The document with `entry` in place of the version of that number."""
    versions = [entry if v["version"] == entry["version"] else v for v in document["versions"]]
    return {**document, "versions": versions}


def with_state(
    document: FileDocument | None, version: int, run_id: str, state: FileState, reason: Reason | None
) -> FileDocument | None:
    """Ingest's verdict: rejected or waiting. None where the run does not own the version, or it says so already."""
    entry = belongs_to(document, version, run_id)
    if document is None or entry is None or entry["state"] != "running":
        return None
    return replaced(document, {**entry, "state": state, "reason": reason})


def with_finding(
    document: FileDocument | None, version: int, run_id: str, commit: str, finding: Finding
) -> FileDocument | None:
    """Validate's verdict. None where it was given already, or the run does not own the version any more."""
    entry = belongs_to(document, version, run_id)
    if document is None or entry is None or entry["committed_by"] or entry["state"] == "superseded":
        return None
    if is_superseded(document, entry):
        validated_with = [*finding.reference_versions]
        superseded: FileVersion = {**entry, "state": "superseded", "ledger": finding.ledger}
        return replaced(document, {**superseded, "reference_versions": validated_with})
    stands = finding.state == "validated"
    decided: FileVersion = {
        **entry,
        "state": finding.state,
        "reason": finding.reason,
        "ledger": finding.ledger,
        "dates": finding.dates,
        "touched_dates": sorted({*finding.dates, *replaced_dates(document, entry)}) if stands else [],
        "committed_by": commit,
        "has_event_ids": finding.has_event_ids and stands,
        "quarantine_key": finding.quarantine_key,
        "reference_versions": [*finding.reference_versions],
    }
    return replaced(document, decided)
