"""File documents and run.json, as ingest's service writes them (docs/state.md)."""

from datetime import datetime
from typing import Any

from contracts import keys
from contracts.current_version import content_version, latest_version
from contracts.documents import FileDocument, FileVersion, Replay, RunDocument, RunFile
from jobs.context import instant
from oracle.replays import append_replay, raw_of
from storage.store import ObjectInfo, Store, encode, read_json


def read_file(store: Store, file_id: str) -> FileDocument:
    document: FileDocument = read_json(store, keys.file_key(file_id))
    return document


def write_file(store: Store, document: FileDocument) -> None:
    store.put(keys.file_key(document["file_id"]), encode(document))


def latest_of(document: FileDocument) -> FileVersion:
    found = latest_version(document)
    assert found is not None, f"{document['key']} has no versions"
    return found


def _new_version(number: int, **arrived: Any) -> FileVersion:
    """Returns a version that no run has claimed yet. `arrived` has version_id, etag, size and arrived_at."""
    empty: dict[str, Any] = dict.fromkeys(
        ("replay", "run_id", "claimed_at", "reason", "ledger", "committed_by", "quarantine_key", "archived_to")
    )
    version: Any = {
        **empty,
        "version": number,
        "content_version": None,
        "sequencer": f"{number:016x}",
        "state": "pending",
        "repeats": [],
        "dates": {},
        "touched_dates": [],
        "reused_event_ids": 0,
        "reference_versions": [],
        **arrived,
    }
    return version  # type: ignore[no-any-return]


def register(store: Store, info: ObjectInfo, now: datetime) -> bool:
    """Registers an uploaded object in the document of its file. Returns False if it repeats the content before it."""
    file_id = keys.file_id(info.key)
    known: FileDocument | None = read_json(store, keys.file_key(file_id))
    document: FileDocument = known or {"schema_version": 1, "file_id": file_id, "key": info.key, "versions": []}
    versions = document["versions"]
    is_repeat = bool(versions) and latest_of(document)["etag"] == info.etag
    if is_repeat:
        latest_of(document)["repeats"].append(info.version_id)
    else:
        arrived = {"version_id": info.version_id, "etag": info.etag, "size": info.size, "arrived_at": instant(now)}
        content = max((content_version(entry) for entry in versions), default=0) + 1
        versions.append(_new_version(len(versions) + 1, **arrived, content_version=content))
    write_file(store, document)
    return not is_repeat


def with_replay(document: FileDocument, of: FileVersion, request: Replay) -> FileDocument:
    """Returns the document with a replay of `of` as its newest version."""
    arrived: dict[str, Any] = {
        "version_id": of["version_id"],
        "etag": of["etag"],
        "size": of["size"],
        "arrived_at": of["arrived_at"],
    }
    return append_replay(document, of, request, _new_version(len(document["versions"]) + 1, **arrived))


def claim_newest(store: Store, document: FileDocument, run_id: str, now: datetime) -> RunFile:
    """Claims the newest version of a file for a run. Returns it as the run lists it."""
    version = document["versions"][-1]
    version["state"], version["run_id"], version["claimed_at"] = "running", run_id, instant(now)
    write_file(store, document)
    replay = version["replay"]
    return {
        "file_id": document["file_id"],
        "key": document["key"],
        "version": version["version"],
        "version_id": version["version_id"],
        "etag": version["etag"],
        "size": version["size"],
        "replay": replay,
        "raw": raw_of(document, version),
        "arrived_at": replay["requested_at"] if replay else version["arrived_at"],
    }


def write_run(store: Store, run_id: str, now: datetime, **given: Any) -> None:
    """Writes run.json; `given` has its files, or a backfill's dates, reference_version and why."""
    run: RunDocument = {
        "schema_version": 1,
        "run_id": run_id,
        "created_at": instant(now),
        "files": [],
        "reference_changed": False,
        "dates": [],
        "reference_version": None,
        "why": None,
        **given,  # type: ignore[typeddict-item]
    }
    store.put(keys.run_key(run_id), encode(run))
