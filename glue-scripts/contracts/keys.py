"""The keys of the bucket's objects, as far as the jobs need them (docs/state.md).

packages/contracts/cases/keys.json holds those that TypeScript needs too equal to packages/contracts/src/keys.ts.
"""

from hashlib import sha256

STREAMS_PREFIX = "streams/"
SONGS_PREFIX = "reference/songs/"
USERS_PREFIX = "reference/users/"
FILES_PREFIX = "processed/files/"
PENDING_PREFIX = "processed/pending/"
WAITING_PREFIX = "processed/waiting/"
REPLAYS_PREFIX = "processed/replays/"
UNKNOWN_PREFIX = "processed/unknown/"
PATCHES_PREFIX = "processed/patches/"
CHANGES_PREFIX = "processed/changes/"
ERASURES_PREFIX = "processed/erasures/"
DATES_PREFIX = "processed/dates/"
ACTIVE_PREFIX = "processed/active/"
GENERATION_KEY = "processed/generation.json"
REFERENCE_KEY = "processed/reference.json"


def file_id(key: str) -> str:
    """Returns the id of a file: the first 32 hex digits of the SHA-256 of its key."""
    return sha256(key.encode()).hexdigest()[:32]


def file_key(file_id: str) -> str:
    return f"{FILES_PREFIX}{file_id}.json"


def waiting_key(file_id: str) -> str:
    return f"{WAITING_PREFIX}{file_id}.json"


def replay_key(file_id_: str, of: int, cause: str) -> str:
    """One per file, reprocessed version and cause, so that requesting twice leaves one."""
    return f"{REPLAYS_PREFIX}{file_id_}-{of}-{file_id(cause)[:12]}.json"


def unknown_key(file_id: str) -> str:
    return f"{UNKNOWN_PREFIX}{file_id}.json"


def patches_key(file_id: str, version: int, request_id: str) -> str:
    return f"{PATCHES_PREFIX}{file_id}/{version}-{request_id}.jsonl"


def changes_prefix(date: str) -> str:
    return f"{CHANGES_PREFIX}{date}/"


def changes_key(date: str, generation: int) -> str:
    return f"{changes_prefix(date)}{generation:012d}.jsonl.gz"


def erasure_request_key(erasure_id: str) -> str:
    return f"{ERASURES_PREFIX}{erasure_id}/request.json"


def erasure_result_key(erasure_id: str, phase: str) -> str:
    return f"{ERASURES_PREFIX}{erasure_id}/{phase}.json"


def date_key(date: str) -> str:
    return f"{DATES_PREFIX}{date}.json"


def run_key(run_id: str) -> str:
    return f"processed/runs/{run_id}/run.json"


def result_key(run_id: str, stage: str) -> str:
    return f"processed/runs/{run_id}/{stage}/result.json"


# Data objects. `commit` is `<run id>-<attempt>`.


def snapshot_key(reference_version: str, table: str) -> str:
    """`table` is `tracks` or `users`."""
    return f"reference/snapshots/{reference_version}/{table}.parquet"


def prepared_key(run_id: str, file_id: str, version: int, commit: str) -> str:
    """Rows of a file that validate cannot read as it is, rewritten by ingest (columns: formats/prepared.py)."""
    return f"processed/runs/{run_id}/ingest/prepared/file={file_id}/version={version}/{commit}.parquet"


def validated_date_prefix(date: str) -> str:
    return f"validated/event_date={date}/"


def validated_key(date: str, file_id: str, version: int, commit: str) -> str:
    return f"{validated_date_prefix(date)}file={file_id}/version={version}/{commit}.parquet"


def archive_prefix(run_id: str) -> str:
    """`archived/2018/11/16/<run>/`: a run's id begins with the day on which it was created."""
    return f"archived/{run_id[:4]}/{run_id[4:6]}/{run_id[6:8]}/{run_id}/"


def archived_rows_key(run_id: str, validated: str) -> str:
    """Names the copy of a validated object of a file version in the run."""
    return f"{archive_prefix(run_id)}{validated}"


def quarantine_key(file_id: str, version: int, commit: str) -> str:
    return f"quarantine/file={file_id}/version={version}/{commit}.jsonl.gz"


def kpi_date_prefix(metric: str, date: str) -> str:
    return f"kpis/metric={metric}/event_date={date}/"


def kpi_key(metric: str, date: str, generation: int, commit: str) -> str:
    return f"{kpi_date_prefix(metric, date)}generation={generation:012d}-{commit}.parquet"
