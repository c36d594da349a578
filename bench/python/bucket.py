"""Creates buckets in a directory, in the state in which ingest's service starts the first job."""

import shutil
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from contracts import keys
from contracts.documents import FileVersion, RunDocument, RunFile
from jobs.context import instant
from listens import Listening, write_lines, write_reference
from measure import run_job
from storage.store import ObjectInfo, change_json, create_json
from storage.store_directory import DirectoryStore

NOW = datetime(2018, 12, 1, 12, 0, 0, tzinfo=timezone.utc)


def open_bucket(root: Path) -> DirectoryStore:
    return DirectoryStore(root, lambda: NOW)


def put_reference(store: DirectoryStore, songs: Path, users: Path) -> None:
    store.upload(songs, f"{keys.SONGS_PREFIX}songs.csv")
    store.upload(users, f"{keys.USERS_PREFIX}users.csv")


def file_version(info: ObjectInfo, changes: dict[str, Any]) -> FileVersion:
    """Returns version 1 of a file in the form of its document."""
    entry: FileVersion = {
        "version": 1,
        "content_version": None,
        "replay": None,
        "version_id": info.version_id,
        "etag": info.etag,
        "sequencer": f"{1:016x}",
        "size": info.size,
        "arrived_at": instant(NOW),
        "state": "pending",
        "run_id": None,
        "claimed_at": None,
        "repeats": [],
        "reason": None,
        "ledger": None,
        "dates": {},
        "touched_dates": [],
        "committed_by": None,
        "reused_event_ids": 0,
        "quarantine_key": None,
        "archived_to": None,
        "reference_versions": [],
    }
    return {**entry, **changes}  # type: ignore[typeddict-item]


def write_file_document(store: DirectoryStore, key: str, version: FileVersion) -> None:
    """Writes the document of a file with one version."""
    file_id = keys.file_id(key)
    document = {"schema_version": 1, "file_id": file_id, "key": key, "versions": [version]}
    change_json(store, keys.file_key(file_id), lambda _: document)


def _put_file(store: DirectoryStore, run_id: str, path: Path) -> RunFile:
    key = f"{keys.STREAMS_PREFIX}{run_id}/{path.name}"
    store.upload(path, key)
    info = store.head(key)
    assert info is not None
    version = file_version(info, {"run_id": run_id, "state": "running", "claimed_at": instant(NOW)})
    write_file_document(store, key, version)
    return {
        "file_id": keys.file_id(key),
        "key": key,
        "version": 1,
        "version_id": info.version_id,
        "etag": info.etag,
        "size": info.size,
        "replay": None,
        "raw": None,
        "arrived_at": instant(NOW),
    }


def create_run(store: DirectoryStore, run_id: str, files: list[Path]) -> str:
    """Puts stream files and creates one run of them. Returns its id."""
    document: RunDocument = {
        "schema_version": 1,
        "run_id": run_id,
        "created_at": instant(NOW),
        "files": [_put_file(store, run_id, path) for path in files],
        "reference_changed": False,
        "dates": [],
        "reference_version": None,
        "why": None,
    }
    create_json(store, keys.run_key(run_id), document)
    return run_id


def copy_bucket(source: Path, target: Path) -> None:
    """Makes a second bucket with the same objects. It links their bytes instead of copying them."""
    shutil.rmtree(target, ignore_errors=True)
    (target / "blobs").mkdir(parents=True)
    shutil.copyfile(source / "index.sqlite", target / "index.sqlite")
    for blob in (source / "blobs").iterdir():
        (target / "blobs" / blob.name).hardlink_to(blob)


def prepared_bucket(folder: Path, reference: Path | None = None) -> Path:
    """Returns a bucket that has a reference snapshot, as on every day but the first.

    `reference` has songs.csv and users.csv; without it they are made.
    """
    if reference is None:
        write_reference(folder / "songs.csv", folder / "users.csv")
    write_lines(folder / "first.csv", Listening(700))
    store = open_bucket(folder / "base")
    put_reference(store, (reference or folder) / "songs.csv", (reference or folder) / "users.csv")
    first = create_run(store, "20181201T110000000-00000000", [folder / "first.csv"])
    run_job(folder / "base", "ingest", first)
    return folder / "base"
