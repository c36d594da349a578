"""Phase rewrite: raw files without the user's rows, in their places, and replays of what stands or is held.

What is archived is written anew under its key. A held file moves to the archive, under the erasure's id: its bytes are
still wanted, and writing under streams/ would be an arrival. Everything else under streams/ that names the user is read
by nobody any more (rejected, or replaced by newer content) and is deleted. All of it for good, every version.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from contracts import keys
from contracts.documents import ErasedFile, FileDocument, FileVersion, ReplayMarker
from erasure.contents import Content
from erasure.locations import ARCHIVED
from erasure.plan import NotTerminalError, to_reprocess
from erasure.raw_rows import open_raw, write_without
from erasure.row_patches import patches_in_force, renumbered
from erasure.search import RawHit, Search
from storage.store import change_json, create_json, read_json
from validation.predecessors import ERASURE, content_of


@dataclass(frozen=True)
class Asker:
    """Who asked for the erasure, and when (ISO 8601)."""

    name: str
    at: str


def check_settled(hits: Iterable[RawHit]) -> None:
    """Raises NotTerminalError where a run still needs bytes that name the user."""
    for hit in hits:
        key = hit.version.key
        if hit.content is None and key.startswith(keys.STREAMS_PREFIX) and hit.version.is_latest:
            raise NotTerminalError(
                f"{key} has arrived and no run knows it yet; wait until it is settled, then erase again."
            )
        entry = hit.content.nonTerminal if hit.content else None
        if entry is not None:
            wanted = "put reference data" if entry["state"] == "waiting" else f"see to run {entry['run_id']}"
            raise NotTerminalError(
                f"{key} version {entry['version']} is {entry['state']} and has rows of the user; {wanted}, then erase"
                " again."
            )
        if hit.rows is None and key.startswith(ARCHIVED):
            raise NotTerminalError(
                f"{key} names the user and cannot be read any more; delete all its versions, then erase again."
            )


class Rewriter:
    """Works on the hits of one search, one file after the other."""

    def __init__(self, search: Search, database: duckdb.DuckDBPyConnection, erasure_id: str, asker: Asker) -> None:
        self._search = search
        self._store = search.store
        self._database = database
        self._id = erasure_id
        self._asker = asker

    def clean(self, hit: RawHit) -> None:
        """The object without the user's rows where somebody may still read it, and this version of it gone for good."""
        content, key = hit.content, hit.version.key
        if content is not None and hit.rows is not None:
            archived = key.startswith(ARCHIVED)
            if (archived and hit.version.is_latest) or (not archived and self._is_held(content)):
                self._write(hit, content, hit.rows)
        self._store.delete(key, hit.version.version_id)

    def _is_held(self, content: Content) -> bool:
        return content.word is not None and content.word["state"] == "held"

    def _write(self, hit: RawHit, content: Content, rows: Sequence[int]) -> None:
        key = hit.version.key
        place = key if key.startswith(ARCHIVED) else f"{keys.archive_prefix(self._id)}raw/{key}"
        with self._search.opened(hit.version) as (path, folder):
            if path is None:
                return
            target = folder / "without"
            with self._database.cursor() as cursor:
                write_without(cursor, open_raw(path, folder), rows, target)
            # First: once the rows are gone, nobody can tell any more how the others were numbered.
            if patches := renumbered(patches_in_force(self._store, content), rows):
                self._store.put(self._patches_key(content), patches)
            self._store.upload(target, place)
        if place != key:
            self._rest(content, place)

    def _rest(self, content: Content, place: str) -> None:
        """Says in the file's document where the content lies now."""

        def move(document: FileDocument) -> FileDocument:
            def moved(entry: FileVersion) -> FileVersion:
                return {**entry, "archived_to": place} if content_of(entry) == content.number else entry

            return {**document, "versions": [moved(entry) for entry in document["versions"]]}

        change_json(self._store, keys.file_key(content.document["file_id"]), move)

    def _patches_key(self, content: Content) -> str:
        version = (content.word or content.versions[-1])["version"]
        return keys.patches_key(content.document["file_id"], version, self._id)

    def ask(self, lines: Sequence[ErasedFile]) -> list[ErasedFile]:
        """Asks for the replays of the files of a plan; the plan with their markers."""
        by_file: dict[str, list[ErasedFile]] = {}
        for line in lines:
            by_file.setdefault(line["file_id"], []).append(line)
        asked: list[ErasedFile] = []
        for file_id, of_file in by_file.items():
            document: FileDocument | None = read_json(self._store, keys.file_key(file_id))
            found = to_reprocess(document, of_file, self._id) if document else None
            for line in of_file:
                is_asked = found is not None and found[1] is line
                asked.append({**line, "replay": self._mark(line, found[0]) if found and is_asked else line["replay"]})
        return asked

    def _mark(self, line: ErasedFile, entry: FileVersion) -> str:
        file_id, version, cause = line["file_id"], entry["version"], f"{ERASURE}{self._id}"
        patches_key = keys.patches_key(file_id, line["version"], self._id)
        marker: ReplayMarker = {
            "schema_version": 1,
            "file_id": file_id,
            "key": line["key"],
            "replay": {
                "of": version,
                "cause": cause,
                "why": "a user's listens were erased",
                "requested_by": self._asker.name,
                "requested_at": self._asker.at,
                "accept": entry["state"] != "held",
                "patches_key": patches_key if self._store.head(patches_key) else None,
            },
        }
        name = keys.replay_key(file_id, version, cause)
        create_json(self._store, name, marker)
        return name
