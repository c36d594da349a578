"""Uploads what a file's document names: the accepted rows of each date, and the quarantined rows."""

from collections.abc import Mapping
from pathlib import Path

from contracts import keys
from contracts.results import IngestFile
from storage.store import Store, in_parallel


def publish_accepted(store: Store, file: IngestFile, commit: str, objects: Mapping[str, Path]) -> None:
    """Uploads the accepted rows of each date."""
    uploads = [
        (path, keys.validated_key(date, file["file_id"], file["version"], commit)) for date, path in objects.items()
    ]
    in_parallel(lambda upload: store.upload(*upload), uploads)


def publish_quarantine(store: Store, file: IngestFile, commit: str, path: Path | None) -> str | None:
    """Uploads the quarantined rows and returns their key, None if there are none."""
    if path is None:
        return None
    key = keys.quarantine_key(file["file_id"], file["version"], commit)
    store.upload(path, key)
    return key
