"""Keeps processed/reference.json and the snapshot it names equal to the reference files in the store."""

import shutil
from functools import partial
from pathlib import Path

import duckdb

from contracts import keys
from contracts.documents import BrokenReference, ReferenceDocument, ReferenceSource
from contracts.results import Snapshot
from reference.snapshot import Built, build_snapshot, reference_version
from storage.store import MissingObjectError, Store, change_json, in_parallel, read_json

Sources = dict[str, list[ReferenceSource]]
NOTHING: ReferenceDocument = {
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
    """The reference files as they are now, by kind and in order of their keys."""

    def list_kind(prefix: str) -> list[ReferenceSource]:
        names = [found.key for found in store.list(prefix) if not found.key.endswith("/")]
        heads = [head for head in in_parallel(store.head, names) if head is not None]
        return [{"key": head.key, "version_id": head.version_id, "etag": head.etag} for head in heads]

    return {"songs": list_kind(keys.SONGS_PREFIX), "users": list_kind(keys.USERS_PREFIX)}


def pin_reference(
    store: Store, database: duckdb.DuckDBPyConnection, temp: Path, run_id: str, now: str
) -> tuple[ReferenceDocument, Snapshot]:
    """The reference document the run pins, after building the next snapshot where the files have changed.

    Files that change while it is built are seen when the listing is taken again, so what is committed last belongs
    to the last listing. With a broken file, or without songs or users at all, the snapshot that was there stays.
    """
    built = False
    while True:
        sources = current_sources(store)
        every = [*sources["songs"], *sources["users"]]
        known: ReferenceDocument = read_json(store, keys.REFERENCE_KEY) or NOTHING
        if _is_settled(known, every):
            return known, _told(known, built)
        attempt = _build(store, database, sources, temp) if sources["songs"] and sources["users"] else None
        if attempt is None:
            return known, _told(known, built)
        decide = partial(_decided, every=every, attempt=attempt, run_id=run_id, now=now)
        committed: ReferenceDocument | None = change_json(store, keys.REFERENCE_KEY, decide)
        built = built or not attempt.broken
        if committed is not None and attempt.broken and every == _flat(current_sources(store)):
            return committed, _told(committed, built)


def _flat(sources: Sources) -> list[ReferenceSource]:
    return [*sources["songs"], *sources["users"]]


def _is_settled(known: ReferenceDocument, every: list[ReferenceSource]) -> bool:
    return not known["broken"] and bool(every) and known["reference_version"] == reference_version(every)


def _told(document: ReferenceDocument, built: bool) -> Snapshot:
    broken = [{"key": found["key"], "reason": found["reason"]} for found in document["broken"]]
    return {"built": built, "sources": document["sources"], "broken": broken}  # type: ignore[typeddict-item]


def _build(store: Store, database: duckdb.DuckDBPyConnection, sources: Sources, temp: Path) -> Built | None:
    """The snapshot of `sources`, uploaded; None where a file was replaced or removed before it was read."""
    place = temp / "reference"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    local: dict[str, list[tuple[ReferenceSource, Path]]] = {"songs": [], "users": []}
    for kind, found in sources.items():
        for number, source in enumerate(found):
            path = place / f"{kind}-{number}.raw"
            try:
                store.download(source["key"], path, source["version_id"])
            except MissingObjectError:
                return None
            local[kind].append((source, path))
    built = build_snapshot(database, local["songs"], local["users"], place)
    if not built.broken:
        version = reference_version(_flat(sources))
        store.upload(built.tracks, keys.snapshot_key(version, "tracks"))
        store.upload(built.users, keys.snapshot_key(version, "users"))
    return built


def _decided(
    current: ReferenceDocument | None, every: list[ReferenceSource], attempt: Built, run_id: str, now: str
) -> ReferenceDocument:
    if attempt.broken:
        broken: list[BrokenReference] = attempt.broken
        return {**(current or NOTHING), "broken": broken}
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
