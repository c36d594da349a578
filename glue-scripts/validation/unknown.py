"""Marks files with rows that were quarantined because no snapshot knew their user or track.

Validate marks a file before it writes the file's document, and reads processed/reference.json after that. Ingest lists
the marks after it has written processed/reference.json. So one of them sees the other (docs/state.md).
"""

from contracts import keys
from contracts.documents import FileDocument, FileLedger, UnknownMarker
from contracts.row_reasons import UNKNOWN_IDS
from storage.store import Store, encode, read_json
from validation.decided_versions import latest_decided_version


def has_unknown(ledger: FileLedger | None) -> bool:
    """Returns whether rows were quarantined for an unknown user or track."""
    return ledger is not None and any(ledger["quarantined"].get(reason) for reason in UNKNOWN_IDS)


def mark_unknown(store: Store, file_id: str, key: str) -> None:
    """Marks the file for the next snapshot. Each mark is a new version of the marker, which `unmark` leaves alone."""
    marker: UnknownMarker = {"schema_version": 1, "file_id": file_id, "key": key}
    store.put(keys.unknown_key(file_id), encode(marker))


def unmark(store: Store, file_id: str) -> None:
    """Removes the mark if no version that is validated or running needs it.

    It removes only versions of the marker that are older than the document it has read, so a new mark stays.
    """
    name = keys.unknown_key(file_id)
    while (marker := store.head(name)) is not None:
        document: FileDocument | None = read_json(store, keys.file_key(file_id))
        latest = latest_decided_version(document) if document else None
        running = any(entry["state"] == "running" for entry in document["versions"]) if document else False
        if running or (latest and has_unknown(latest["ledger"])):
            return
        store.delete(name, marker.version_id)


def marked_files(store: Store) -> list[str]:
    """Returns the ids of the marked files."""
    return [keys.file_id_of_marker(info.key) for info in store.list(keys.UNKNOWN_PREFIX)]
