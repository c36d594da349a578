"""Phase purge: removes the user from everything that was made of the raw files while they had the user's rows.

It runs after the replays. Current objects with rows of other users are written again without the user's rows. All other
objects are deleted. Every deletion removes the version for good.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from threading import Lock

from contracts import keys
from contracts.current_version import current_version
from contracts.documents import ErasedFile
from contracts.metric_key import metric_key
from erasure.locations import kind_of, prefix_of, user_metrics
from erasure.reprocessing import BlockedError, obsolete_versions
from erasure.search import Search
from erasure.strip import Stripped
from load.table import Key, Table
from storage.store import ObjectVersion, in_parallel


def obsolete_patches(search: Search, lines: Iterable[ErasedFile], erasure_id: str) -> list[ObjectVersion]:
    """Returns the row patches of versions that no longer count: they may describe the user's rows without an id."""
    prefixes = []
    for line in lines:
        document = search.contents.documents.get(line["file_id"])
        for entry in obsolete_versions(document, line) if document else []:
            prefixes.append(keys.patches_prefix(line["file_id"], entry["version"]))
    found = in_parallel(lambda prefix: list(search.store.versions(prefix)), prefixes)
    own = f"-{erasure_id}.jsonl"
    return [version for listed in found for version in listed if not version.key.endswith(own)]


def items_of(table: Table, user_id: str) -> list[Key]:
    """Returns the user's items in the table. load has removed them, unless the objects to compare with had expired."""
    return [key for name in user_metrics() for key in table.keys_of(metric_key(name, user_id))]


class Purger:
    """Deletes or rewrites objects, and counts them by prefix."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._store = search.store
        self._lock = Lock()
        self.counts: Counter[str] = Counter()

    def purge_derived(self) -> None:
        self._search.each_derived(self._replace)

    def _replace(self, version: ObjectVersion, stripped: Stripped) -> None:
        # Prepared rows are read once, so they are not written again.
        if version.is_latest and stripped.path is not None and kind_of(version.key) != "prepared":
            self._check_replaced(version.key)
            self._store.upload(stripped.path, version.key)
        self.delete([version])

    def _check_replaced(self, key: str) -> None:
        """Raises BlockedError for an object that counts: its replay has to write one without the user's rows."""
        if key.startswith(keys.KPIS_PREFIX):
            raise BlockedError(f"{key} is published and still has the user; backfill its date, then run purge again.")
        if kind_of(key) == "rows" and self._is_current(key):
            raise BlockedError(f"{key} counts and still has rows of the user; put its file again, then erase again.")

    def _is_current(self, key: str) -> bool:
        named = keys.version_object(key)
        document = self._search.contents.documents.get(named.file_id) if named else None
        current = current_version(document) if document else None
        if named is None or current is None:
            return False
        return (current["version"], current["committed_by"]) == (named.version, named.commit)

    def delete(self, versions: Sequence[ObjectVersion]) -> None:
        """Deletes versions for good, and the markers of keys without any other version."""

        def delete(version: ObjectVersion) -> None:
            self._store.delete(version.key, version.version_id)
            left = [found for found in self._store.versions(version.key) if found.key == version.key]
            if all(found.is_marker for found in left):
                for marker in left:
                    self._store.delete(marker.key, marker.version_id)
            with self._lock:
                self.counts[prefix_of(version.key)] += not version.is_marker

        in_parallel(delete, versions)
