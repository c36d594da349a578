"""The state documents of packages/contracts/src/documents.ts, as typed dicts (their meaning is told there)."""

from typing import Any, Literal, TypedDict

FileState = Literal["pending", "running", "waiting", "rejected", "held", "validated", "archived", "superseded"]


class Reason(TypedDict):
    """Why a file was rejected or held: a stable code and what a person needs to know."""

    code: str
    detail: str


class FileLedger(TypedDict):
    """read = accepted + duplicate + the sum of quarantined."""

    read: int
    accepted: int
    quarantined: dict[str, int]
    duplicate: int


class Replay(TypedDict):
    """Why a version is reprocessed although its content is the same."""

    of: int
    cause: str
    why: str
    requested_by: str
    requested_at: str
    accept: bool
    patches_key: str | None


class RawObject(TypedDict):
    """Where the bytes of a file lie; version_id is None where only the newest can be meant."""

    key: str
    version_id: str | None


class FileVersion(TypedDict):
    version: int
    content_version: int | None
    replay: Replay | None
    version_id: str
    etag: str
    sequencer: str
    size: int
    arrived_at: str
    state: FileState
    run_id: str | None
    claimed_at: str | None
    repeats: list[str]
    reason: Reason | None
    ledger: FileLedger | None
    dates: dict[str, int]
    touched_dates: list[str]
    committed_by: str | None
    reused_event_ids: int
    quarantine_key: str | None
    archived_to: str | None
    reference_versions: list[str]


class FileDocument(TypedDict):
    schema_version: Literal[1]
    file_id: str
    key: str
    versions: list[FileVersion]


class ArrivalMarker(TypedDict):
    schema_version: Literal[1]
    kind: Literal["stream", "reference"]
    key: str
    file_id: str
    version_id: str


class ReplayMarker(TypedDict):
    schema_version: Literal[1]
    file_id: str
    key: str
    replay: Replay


class UnknownMarker(TypedDict):
    schema_version: Literal[1]
    file_id: str
    key: str


class RunFile(TypedDict):
    file_id: str
    key: str
    version: int
    version_id: str
    etag: str
    size: int
    replay: Replay | None
    raw: RawObject | None
    arrived_at: str | None


class RunDocument(TypedDict):
    """`dates`, `reference_version`, `why`: a backfill, which begins at kpi."""

    schema_version: Literal[1]
    run_id: str
    created_at: str
    files: list[RunFile]
    reference_changed: bool
    dates: list[str]
    reference_version: str | None
    why: str | None


class DateLedger(TypedDict):
    """accepted = counted + skipped + duplicate."""

    accepted: int
    counted: int
    skipped: int
    duplicate: int


class KpiObject(TypedDict):
    key: str
    items: int


class DateDocument(TypedDict):
    schema_version: Literal[1]
    date: str
    generation: int
    run_id: str
    reference_version: str
    computed_at: str
    ledger: DateLedger
    files: list[str]
    objects: dict[str, KpiObject]


class GenerationDocument(TypedDict):
    schema_version: Literal[1]
    generation: int


class ReferenceSource(TypedDict):
    key: str
    version_id: str
    etag: str


class BrokenReference(TypedDict):
    key: str
    version_id: str
    reason: Reason


class ReferenceDocument(TypedDict):
    schema_version: Literal[1]
    reference_version: str | None
    tracks_key: str | None
    users_key: str | None
    created_at: str | None
    run_id: str | None
    sources: list[ReferenceSource]
    tracks: int
    users: int
    skipped_rows: dict[str, int]
    broken: list[BrokenReference]


class ChangeFile(TypedDict):
    file_id: str
    key: str
    version: int
    why: str | None


class ChangeHead(TypedDict):
    kind: Literal["head"]
    schema_version: Literal[1]
    date: str
    run_id: str
    generation: int
    previous_generation: int
    reference_version: str
    previous_reference_version: str
    recorded_at: str
    files: list[ChangeFile]
    changes: int


class Change(TypedDict):
    """`old` is None for an item that is new, `new` for one that vanished; else both have the fields that differ."""

    kind: Literal["change"]
    metric: str
    date: str
    dimension: str | None
    period: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


class ErasureRequest(TypedDict):
    schema_version: Literal[1]
    erasure_id: str
    user_id: str
    requested_by: str
    requested_at: str


class ErasedFile(TypedDict):
    """`replay` is the marker that asks for the file to be reprocessed."""

    file_id: str
    key: str
    version: int
    rows: int
    replay: str | None


ErasurePhase = Literal["find", "rewrite", "purge"]


class ErasureResult(TypedDict):
    schema_version: Literal[1]
    erasure_id: str
    user_digest: str
    phase: ErasurePhase
    committed_at: str
    files: list[ErasedFile]
    dates: list[str]
    objects: dict[str, int]
