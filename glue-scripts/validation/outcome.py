"""What a job's finding means to a file's document (docs/state.md). Pure: asked again after every lost race."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.documents import (
    CURRENT_STATES,
    FileDocument,
    FileLedger,
    FileState,
    FileVersion,
    Reason,
    current_version,
    version_of,
)
from validation.predecessors import content_of


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


def latest_validated(document: FileDocument) -> FileVersion | None:
    """The version that stands, or the newest content that is held above it: the file's last word so far."""

    def order(entry: FileVersion) -> tuple[int, int]:
        return content_of(entry), entry["version"]

    standing = current_version(document)
    above = order(standing) if standing else (0, 0)
    held = [entry for entry in document["versions"] if entry["state"] == "held" and order(entry) > above]
    return max(held, key=order, default=standing)


def lower_dates(document: FileDocument, version: int) -> set[str]:
    """Dates of every lower version that stood: its rows give way to this version's."""
    lower = [v for v in document["versions"] if v["version"] < version and v["state"] in CURRENT_STATES]
    return {date for entry in lower for date in entry["dates"]}


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
    if any(v["version"] > version and v["state"] in CURRENT_STATES for v in document["versions"]):
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
        "touched_dates": sorted({*finding.dates, *lower_dates(document, version)}) if stands else [],
        "committed_by": commit,
        "has_event_ids": finding.has_event_ids and stands,
        "quarantine_key": finding.quarantine_key,
        "reference_versions": [*finding.reference_versions],
    }
    return replaced(document, decided)
