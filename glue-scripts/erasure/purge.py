"""Phase purge: everything that was made of raw files while they had the user's rows, after it was made anew.

Objects that hold others' rows too are written anew without the user's; what is not current, and the index of event ids
of versions that were validated before, is deleted. All for good, every version.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from threading import Lock

from contracts import keys
from contracts.documents import ErasedFile, FileDocument
from erasure.derived import Stripped
from erasure.locations import kind_of, prefix_of, user_metrics
from erasure.plan import NotTerminalError, over_before, to_reprocess
from erasure.search import Search
from kpi.current_files import CurrentFiles, object_name
from kpi.event_ids import INDEX_PREFIX
from load.items import metric_key
from load.table import Key, Table
from storage.store import ObjectVersion, in_parallel


def check_reprocessed(documents: dict[str, FileDocument], lines: Iterable[ErasedFile], erasure_id: str) -> None:
    """Raises NotTerminalError where a file still says what was validated from the user's rows too."""
    for line in lines:
        document = documents.get(line["file_id"])
        found = to_reprocess(document, [line], erasure_id) if document else None
        if found is not None:
            raise NotTerminalError(
                f"{line['key']} version {found[0]['version']} was not reprocessed yet; wait for its replay"
                ", or run rewrite again."
            )


def leftovers(search: Search, lines: Iterable[ErasedFile], erasure_id: str) -> list[ObjectVersion]:
    """Objects about the user's rows that do not name the user: event ids, and what persons patched, of versions that do
    not count any more."""
    prefixes = []
    for line in lines:
        document = search.places.documents.get(line["file_id"])
        for entry in over_before(document, line) if document else []:
            prefixes.append(f"{INDEX_PREFIX}file={line['file_id']}/version={entry['version']}/")
            prefixes.append(f"{keys.PATCHES_PREFIX}{line['file_id']}/{entry['version']}-")
    found = in_parallel(lambda prefix: list(search.store.versions(prefix)), prefixes)
    kept = f"-{erasure_id}.jsonl"
    return [version for listed in found for version in listed if not version.key.endswith(kept)]


def items_of(table: Table, user_id: str) -> list[Key]:
    """The user's items in the table. There should be none: load removes what vanished, unless the objects it would
    compare with have expired."""
    return [key for name in user_metrics() for key in table.keys_of(metric_key(name, user_id))]


class Purger:
    """Counts what it deletes or writes anew, by prefix."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._store = search.store
        self._standing = CurrentFiles(search.store)
        self._lock = Lock()
        self.counts: Counter[str] = Counter()

    def derived(self) -> None:
        self._search.each_derived(self._strip)

    def _strip(self, version: ObjectVersion, stripped: Stripped) -> None:
        # What ingest prepared has had its one reader.
        if version.is_latest and stripped.path is not None and kind_of(version.key) != "prepared":
            self._check_replaced(version.key)
            self._store.upload(stripped.path, version.key)
        self.delete([version])

    def _check_replaced(self, key: str) -> None:
        """Raises NotTerminalError for what counts: it was to be made anew without the user's rows first."""
        if key.startswith("kpis/"):
            raise NotTerminalError(
                f"{key} is published and still has the user; backfill its date, then run purge again."
            )
        name = object_name(key) if kind_of(key) == "rows" else None
        with self._lock:
            stands = name is not None and self._standing.current_version(name) is not None
        if stands:
            raise NotTerminalError(
                f"{key} stands and still has rows of the user; put its file again, then erase again."
            )

    def delete(self, versions: Sequence[ObjectVersion]) -> None:
        """For good, and the markers of keys that have nothing else any more."""

        def gone(version: ObjectVersion) -> None:
            self._store.delete(version.key, version.version_id)
            left = [found for found in self._store.versions(version.key) if found.key == version.key]
            if all(found.is_marker for found in left):
                for marker in left:
                    self._store.delete(marker.key, marker.version_id)
            with self._lock:
                self.counts[prefix_of(version.key)] += not version.is_marker

        in_parallel(gone, versions)
