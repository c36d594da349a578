"""The keys of the bucket's objects, as far as the jobs need them (docs/state.md).

packages/contracts/cases/keys.json holds those that TypeScript needs too equal to packages/contracts/src/keys.ts.
"""

import re
from hashlib import sha256
from typing import NamedTuple

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
RUNS_PREFIX = "processed/runs/"
VALIDATED_PREFIX = "validated/"
QUARANTINE_PREFIX = "quarantine/"
KPIS_PREFIX = "kpis/"
ARCHIVED_PREFIX = "archived/"
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


def patches_prefix(file_id: str, version: int) -> str:
    return f"{PATCHES_PREFIX}{file_id}/{version}-"


def patches_key(file_id: str, version: int, request_id: str) -> str:
    return f"{patches_prefix(file_id, version)}{request_id}.jsonl"


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
    return f"{RUNS_PREFIX}{run_id}/run.json"


def result_key(run_id: str, stage: str) -> str:
    return f"{RUNS_PREFIX}{run_id}/{stage}/result.json"


# Data objects. `commit` is `<run id>-<attempt>`.


def snapshot_key(reference_version: str, table: str) -> str:
    """`table` is `tracks` or `users`."""
    return f"reference/snapshots/{reference_version}/{table}.parquet"


def prepared_key(run_id: str, file_id: str, version: int, commit: str) -> str:
    """Rows of a file that validate cannot read as it is, rewritten by ingest (columns: formats/prepared.py)."""
    return f"{RUNS_PREFIX}{run_id}/ingest/prepared/file={file_id}/version={version}/{commit}.parquet"


def validated_date_prefix(date: str) -> str:
    return f"{VALIDATED_PREFIX}event_date={date}/"


def validated_key(date: str, file_id: str, version: int, commit: str) -> str:
    return f"{validated_date_prefix(date)}file={file_id}/version={version}/{commit}.parquet"


def archive_prefix(run_id: str) -> str:
    """`archived/2018/11/16/<run>/`: a run's id begins with the day on which it was created."""
    return f"{ARCHIVED_PREFIX}{run_id[:4]}/{run_id[4:6]}/{run_id[6:8]}/{run_id}/"


def archived_raw_key(run_id: str, key: str) -> str:
    return f"{archive_prefix(run_id)}raw/{key}"


def archived_rows_key(run_id: str, validated: str) -> str:
    """Names the copy of a validated object of a file version in the run."""
    return f"{archive_prefix(run_id)}{validated}"


def quarantine_key(file_id: str, version: int, commit: str) -> str:
    return f"{QUARANTINE_PREFIX}file={file_id}/version={version}/{commit}.jsonl.gz"


def kpi_metric_prefix(metric: str) -> str:
    return f"{KPIS_PREFIX}metric={metric}/"


def kpi_date_prefix(metric: str, date: str) -> str:
    return f"{kpi_metric_prefix(metric)}event_date={date}/"


def kpi_key(metric: str, date: str, generation: int, commit: str) -> str:
    return f"{kpi_date_prefix(metric, date)}generation={generation:012d}-{commit}.parquet"


# What keys say. Each function reads what one of those above has written.


class VersionObject(NamedTuple):
    """What the key of prepared, validated or quarantined rows says. `commit` is `<run id>-<attempt>`."""

    file_id: str
    version: int
    commit: str


_VERSION_OBJECT = re.compile(r"/file=([0-9a-f]{32})/version=([0-9]+)/([^/.]+)\.")
_ARCHIVED = re.compile(ARCHIVED_PREFIX + r"[0-9]{4}/[0-9]{2}/[0-9]{2}/[^/]+/")
_PREPARED = re.compile(RUNS_PREFIX + r"[^/]+/ingest/prepared/")


def version_object(key: str) -> VersionObject | None:
    """Returns which file version an object of ingest or validate is about, None for other objects."""
    found = _VERSION_OBJECT.search(key)
    return VersionObject(found[1], int(found[2]), found[3]) if found else None


def run_of_commit(commit: str) -> str:
    return commit.rpartition("-")[0]


def is_prepared(key: str) -> bool:
    return _PREPARED.match(key) is not None


def name_in_archive(key: str) -> str | None:
    """Returns the key without the folder of its run in the archive, None for an object outside the archive."""
    found = _ARCHIVED.match(key)
    return key[found.end() :] if found else None


def generation_of_kpi(key: str) -> int:
    return int(key.rpartition("/generation=")[2].partition("-")[0])


def generation_of_changes(key: str) -> int:
    return int(key.rpartition("/")[2].partition(".")[0])


def file_id_of_marker(key: str) -> str:
    """Returns the file id in the key of a marker, of whatever kind."""
    return key.rpartition("/")[2][:32]
