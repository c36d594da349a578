"""Creates buckets in a directory, in the state in which ingest's service starts the first job."""

import shutil
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from contracts import keys
from jobs.context import instant
from listens import Listening, write_lines, write_reference
from measure import run_job
from storage.store import change_json, create_json
from storage.store_directory import DirectoryStore

NOW = datetime(2018, 12, 1, 12, 0, 0, tzinfo=timezone.utc)


def open_bucket(root: Path) -> DirectoryStore:
    return DirectoryStore(root, lambda: NOW)


def put_reference(store: DirectoryStore, songs: Path, users: Path) -> None:
    store.upload(songs, f"{keys.SONGS_PREFIX}songs.csv")
    store.upload(users, f"{keys.USERS_PREFIX}users.csv")


def version_entry(number: int, info: Any, **fields: Any) -> dict[str, Any]:
    """Returns a version of a file in the form of its document."""
    empty = dict.fromkeys(("run_id", "claimed_at", "reason", "ledger", "committed_by", "quarantine_key", "archived_to"))
    head = {"version": number, "version_id": info.version_id, "etag": info.etag, "sequencer": f"{number:016x}"}
    arrival = {"size": info.size, "arrived_at": instant(NOW), "repeats": [], "dates": {}, "touched_dates": []}
    return {**head, **arrival, **empty, "state": "pending", "reused_event_ids": 0, **fields}


def create_run(store: DirectoryStore, run_id: str, files: list[Path]) -> str:
    """Puts stream files and creates one run of them. Returns its id."""
    listed = []
    for path in files:
        key = f"{keys.STREAMS_PREFIX}{run_id}/{path.name}"
        store.upload(path, key)
        info = store.head(key)
        assert info is not None
        entry = version_entry(1, info, run_id=run_id, state="running", claimed_at=instant(NOW))
        identity = {"file_id": keys.file_id(key), "key": key}
        change_json(
            store,
            keys.file_key(identity["file_id"]),
            lambda _, e=entry, i=identity: {  # type: ignore[misc]
                "schema_version": 1,
                **i,
                "versions": [e],
            },
        )
        listed.append({**identity, **{name: entry[name] for name in ("version", "version_id", "etag", "size")}})
    document = {"schema_version": 1, "run_id": run_id, "created_at": instant(NOW), "files": listed}
    create_json(store, keys.run_key(run_id), {**document, "reference_changed": False})
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
