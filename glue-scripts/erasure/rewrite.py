"""Phase rewrite: writes raw files without the user's rows, and requests replays of the live versions.

An archived file is written again under its key. A file on hold moves to the archive under the erasure's id: its bytes
are still needed, and a put under streams/ would be an arrival. Other content under streams/ that names the user was
rejected or replaced and is deleted. Every deletion removes the version for good.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from contracts import keys
from contracts.current_version import content_version
from contracts.documents import ErasedFile, FileDocument, FileVersion, ReplayMarker
from contracts.replay_cause import erasure_cause
from erasure.content import Content
from erasure.raw_file import open_raw
from erasure.reprocessing import BlockedError, next_to_reprocess
from erasure.row_patches import active_patches, renumbered
from erasure.search import RawHit, Search
from erasure.without_rows import write_without
from storage.store import change_json, create_json, read_json


@dataclass(frozen=True)
class Requester:
    """Who requested the erasure, and when (ISO 8601)."""

    name: str
    at: str


def check_finished(hits: Iterable[RawHit]) -> None:
    """Raises BlockedError if a run still needs bytes that name the user."""
    for hit in hits:
        key = hit.version.key
        if hit.content is None and key.startswith(keys.STREAMS_PREFIX) and hit.version.is_latest:
            raise BlockedError(
                f"{key} has arrived and is not registered yet; wait until it is processed, then erase again."
            )
        entry = hit.content.unfinished_version if hit.content else None
        if entry is not None:
            remedy = "put reference data" if entry["state"] == "waiting" else f"see to run {entry['run_id']}"
            raise BlockedError(
                f"{key} version {entry['version']} is {entry['state']} and has rows of the user; {remedy}, then erase"
                " again."
            )
        if hit.rows is None and key.startswith(keys.ARCHIVED_PREFIX):
            raise BlockedError(
                f"{key} names the user and cannot be read any more; delete all its versions, then erase again."
            )


class Rewriter:
    """Rewrites the raw files of one search."""

    def __init__(
        self, search: Search, database: duckdb.DuckDBPyConnection, erasure_id: str, requester: Requester
    ) -> None:
        self._search = search
        self._store = search.store
        self._database = database
        self._id = erasure_id
        self._requester = requester

    def clean(self, hit: RawHit) -> None:
        """Writes the object without the user's rows if it is still needed, and deletes this version of it."""
        content, key = hit.content, hit.version.key
        if content is not None and hit.rows is not None:
            archived = key.startswith(keys.ARCHIVED_PREFIX)
            if (archived and hit.version.is_latest) or (not archived and _is_on_hold(content)):
                self._write(hit, content, hit.rows)
        self._store.delete(key, hit.version.version_id)

    def _write(self, hit: RawHit, content: Content, rows: Sequence[int]) -> None:
        key = hit.version.key
        target_key = key if key.startswith(keys.ARCHIVED_PREFIX) else keys.archived_raw_key(self._id, key)
        with self._search.opened(hit.version) as (path, folder):
            if path is None:
                return
            target = folder / "without"
            with self._database.cursor() as cursor:
                write_without(cursor, open_raw(path, folder), rows, target)
            # Before the upload: afterwards the old row numbers are lost.
            if patches := renumbered(active_patches(self._store, content), rows):
                version = (content.live_version or content.versions[-1])["version"]
                self._store.put(keys.patches_key(content.document["file_id"], version, self._id), patches)
            self._store.upload(target, target_key)
        if target_key != key:
            self._record_archived(content, target_key)

    def _record_archived(self, content: Content, target_key: str) -> None:
        """Records in the file's document where the content is now."""

        def moved(entry: FileVersion) -> FileVersion:
            return {**entry, "archived_to": target_key} if content_version(entry) == content.number else entry

        def move(document: FileDocument) -> FileDocument:
            return {**document, "versions": [moved(entry) for entry in document["versions"]]}

        change_json(self._store, keys.file_key(content.document["file_id"]), move)

    def request_replays(self, lines: Sequence[ErasedFile]) -> list[ErasedFile]:
        """Requests the replays of a plan. Returns the plan with their markers."""
        by_file: dict[str, list[ErasedFile]] = {}
        for line in lines:
            by_file.setdefault(line["file_id"], []).append(line)
        planned: list[ErasedFile] = []
        for file_id, of_file in by_file.items():
            document: FileDocument | None = read_json(self._store, keys.file_key(file_id))
            found = next_to_reprocess(document, of_file, self._id) if document else None
            for line in of_file:
                marker = self._request(line, found[0]) if found is not None and found[1] is line else line["replay"]
                planned.append({**line, "replay": marker})
        return planned

    def _request(self, line: ErasedFile, entry: FileVersion) -> str:
        file_id, version, cause = line["file_id"], entry["version"], erasure_cause(self._id)
        patches_key = keys.patches_key(file_id, line["version"], self._id)
        marker: ReplayMarker = {
            "schema_version": 1,
            "file_id": file_id,
            "key": line["key"],
            "replay": {
                "of": version,
                "cause": cause,
                "why": "a user's listens were erased",
                "requested_by": self._requester.name,
                "requested_at": self._requester.at,
                "accept": entry["state"] != "held",
                "patches_key": patches_key if self._store.head(patches_key) else None,
            },
        }
        key = keys.replay_key(file_id, version, cause)
        create_json(self._store, key, marker)
        return key


def _is_on_hold(content: Content) -> bool:
    return content.live_version is not None and content.live_version["state"] == "held"
