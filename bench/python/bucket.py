"""A bucket in a directory, as ingest's service leaves it for the first job."""

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
    """A version of a file, as its document has it."""
    empty = dict.fromkeys(("run_id", "claimed_at", "reason", "ledger", "committed_by", "quarantine_key", "archived_to"))
    head = {"version": number, "version_id": info.version_id, "etag": info.etag, "sequencer": f"{number:016x}"}
    arrival = {"size": info.size, "arrived_at": instant(NOW), "repeats": [], "dates": {}, "touched_dates": []}
    return {**head, **arrival, **empty, "state": "pending", "has_event_ids": False, **fields}


def form_run(store: DirectoryStore, run_id: str, files: list[Path]) -> str:
    """Puts stream files and forms one run of them. Returns its id."""
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
    """A second bucket with the same objects; their bytes are linked."""
    shutil.rmtree(target, ignore_errors=True)
    (target / "blobs").mkdir(parents=True)
    shutil.copyfile(source / "index.sqlite", target / "index.sqlite")
    for blob in (source / "blobs").iterdir():
        (target / "blobs" / blob.name).hardlink_to(blob)


def prepared_bucket(folder: Path, reference: Path | None = None) -> Path:
    """A bucket whose reference snapshot is pinned already, as it is on every day but the first.

    `reference` holds songs.csv and users.csv; without it they are made.
    """
    if reference is None:
        write_reference(folder / "songs.csv", folder / "users.csv")
    write_lines(folder / "first.csv", Listening(700))
    store = open_bucket(folder / "base")
    put_reference(store, (reference or folder) / "songs.csv", (reference or folder) / "users.csv")
    first = form_run(store, "20181201T110000000-00000000", [folder / "first.csv"])
    run_job(folder / "base", "ingest", first)
    return folder / "base"
