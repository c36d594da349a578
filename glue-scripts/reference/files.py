"""Keeps processed/reference.json and the snapshot that it names up to date with the reference files."""

import shutil
from functools import partial
from pathlib import Path

import duckdb

from contracts import keys
from contracts.documents import BrokenReference, ReferenceDocument, ReferenceSource
from contracts.results import BrokenFile, Snapshot
from reference.snapshot import Built, build_snapshot, reference_version
from storage.store import MissingObjectError, Store, change_json, in_parallel, read_json

Sources = dict[str, list[ReferenceSource]]
NO_REFERENCE: ReferenceDocument = {
    "schema_version": 1,
    "reference_version": None,
    "tracks_key": None,
    "users_key": None,
    "created_at": None,
    "run_id": None,
    "sources": [],
    "tracks": 0,
    "users": 0,
    "skipped_rows": {},
    "broken": [],
}


def current_sources(store: Store) -> Sources:
    """Returns the current reference files by kind, in order of their keys."""

    def list_kind(prefix: str) -> list[ReferenceSource]:
        names = [found.key for found in store.list(prefix) if not found.key.endswith("/")]
        heads = [head for head in in_parallel(store.head, names) if head is not None]
        return [{"key": head.key, "version_id": head.version_id, "etag": head.etag} for head in heads]

    return {"songs": list_kind(keys.SONGS_PREFIX), "users": list_kind(keys.USERS_PREFIX)}


def pin_reference(
    store: Store, database: duckdb.DuckDBPyConnection, temp: Path, run_id: str, now: str
) -> tuple[ReferenceDocument, Snapshot]:
    """Returns the reference document that the run pins; builds the next snapshot before if the files have changed.

    The files are listed again after each build, so the last commit belongs to the last listing. If a file is broken, or
    there are no songs or no users, the snapshot stays as it is.
    """
    built = False
    while True:
        sources = current_sources(store)
        every = [*sources["songs"], *sources["users"]]
        known: ReferenceDocument = read_json(store, keys.REFERENCE_KEY) or NO_REFERENCE
        if _is_current(known, every):
            return known, _result_entry(known, built)
        attempt = _build(store, database, sources, temp) if sources["songs"] and sources["users"] else None
        if attempt is None:
            return known, _result_entry(known, built)
        decide = partial(_with_attempt, every=every, attempt=attempt, run_id=run_id, now=now)
        committed: ReferenceDocument | None = change_json(store, keys.REFERENCE_KEY, decide)
        built = built or not attempt.broken
        if committed is not None and attempt.broken and every == _flat(current_sources(store)):
            return committed, _result_entry(committed, built)


def _flat(sources: Sources) -> list[ReferenceSource]:
    return [*sources["songs"], *sources["users"]]


def _is_current(known: ReferenceDocument, every: list[ReferenceSource]) -> bool:
    return not known["broken"] and bool(every) and known["reference_version"] == reference_version(every)


def _result_entry(document: ReferenceDocument, built: bool) -> Snapshot:
    broken: list[BrokenFile] = [{"key": found["key"], "reason": found["reason"]} for found in document["broken"]]
    return {"built": built, "sources": document["sources"], "broken": broken}


def _build(store: Store, database: duckdb.DuckDBPyConnection, sources: Sources, temp: Path) -> Built | None:
    """Builds and uploads the snapshot of `sources`; returns None if a file was removed before it was read."""
    folder = temp / "reference"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    local: dict[str, list[tuple[ReferenceSource, Path]]] = {"songs": [], "users": []}
    for kind, found in sources.items():
        for number, source in enumerate(found):
            path = folder / f"{kind}-{number}.raw"
            try:
                store.download(source["key"], path, source["version_id"])
            except MissingObjectError:
                return None
            local[kind].append((source, path))
    built = build_snapshot(database, local["songs"], local["users"], folder)
    if not built.broken:
        version = reference_version(_flat(sources))
        store.upload(built.tracks, keys.snapshot_key(version, "tracks"))
        store.upload(built.users, keys.snapshot_key(version, "users"))
    return built


def _with_attempt(
    current: ReferenceDocument | None, every: list[ReferenceSource], attempt: Built, run_id: str, now: str
) -> ReferenceDocument:
    if attempt.broken:
        broken: list[BrokenReference] = attempt.broken
        return {**(current or NO_REFERENCE), "broken": broken}
    version = reference_version(every)
    return {
        "schema_version": 1,
        "reference_version": version,
        "tracks_key": keys.snapshot_key(version, "tracks"),
        "users_key": keys.snapshot_key(version, "users"),
        "created_at": now,
        "run_id": run_id,
        "sources": every,
        "tracks": attempt.track_count,
        "users": attempt.user_count,
        "skipped_rows": {key: count for key, count in attempt.skipped_rows.items() if count},
        "broken": [],
    }
