"""What each job commits: packages/contracts/src/results.ts as typed dicts."""

from typing import Any, Literal, TypedDict

from contracts.documents import DateLedger, FileLedger, RawObject, Reason, ReferenceSource, Replay


class ResultHead(TypedDict):
    """What every job's result says of itself."""

    schema_version: Literal[1]
    run_id: str
    attempt: int
    committed_at: str


class FileOfRun(TypedDict):
    file_id: str
    key: str
    version: int


class IngestFile(FileOfRun):
    version_id: str
    etag: str
    size: int
    replay: Replay | None
    raw: RawObject | None
    last_modified: str | None
    outcome: Literal["prepared", "waiting", "rejected", "skipped"]
    reason: Reason | None
    format: Literal["csv", "json", "parquet"] | None
    compression: Literal["none", "gzip", "zstd"] | None
    read: int | None
    source: dict[str, Any] | None


class BrokenFile(TypedDict):
    key: str
    reason: Reason


class Snapshot(TypedDict):
    built: bool
    sources: list[ReferenceSource]
    broken: list[BrokenFile]


class IngestResult(ResultHead):
    reference_version: str | None
    files: list[IngestFile]
    snapshot: Snapshot


class ValidateFile(FileOfRun):
    outcome: Literal["validated", "held", "superseded", "skipped"]
    ledger: FileLedger | None
    dates: dict[str, int]
    reused_event_ids: int
    quarantine_key: str | None


class ValidateResult(ResultHead):
    reference_version: str
    files: list[ValidateFile]
    touched_dates: list[str]


class KpiDate(TypedDict):
    date: str
    ledger: DateLedger
    items: dict[str, int]
    published: bool


class KpiResult(ResultHead):
    reference_version: str
    generation: int
    dates: list[KpiDate]


class LoadDate(TypedDict):
    date: str
    generation: int
    written: int
    removed: int
    superseded: int


class LoadResult(ResultHead):
    dates: list[LoadDate]


class ArchiveFile(FileOfRun):
    version_id: str
    archived_to: str
    bytes: int
    deleted: bool


class ArchiveResult(ResultHead):
    archive_prefix: str
    lineage_key: str
    files: list[ArchiveFile]
    objects: int
