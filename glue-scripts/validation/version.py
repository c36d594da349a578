"""Validates one version of a file, with the snapshots, the bytes and the row patches that its document names."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import cast

from contracts import keys
from contracts.documents import FileDocument, FileVersion
from contracts.results import IngestFile
from formats.columns import STREAM
from formats.prepare import reopen
from formats.rejection import RejectedFileError
from formats.relation import FileRows, Source
from sql.database import connect
from storage.raw import download_raw
from storage.store import MissingObjectError, Store
from validation.known_ids import SnapshotFiles
from validation.predecessors import patches_of, snapshots_before
from validation.row_patches import apply_patches
from validation.rows import RowValidator, ValidatedRows, write_empty

#: How much later than its upload a listen may start.
TOLERANCE = timedelta(hours=1)


class VersionValidator:
    """Validates for a run that pins the snapshot `reference`. `temp` is the job's folder.

    `scans` and `numbers` are its databases (sql/database.py).
    """

    def __init__(self, store: Store, temp: Path, memory_limit: str, reference: str) -> None:
        self._store = store
        self._temp = temp
        self._reference = reference
        self._local: dict[str, SnapshotFiles] = {}
        self._lock = Lock()
        self.scans = connect(memory_limit, temp, ordered=False)
        self.numbers = connect(memory_limit, temp, ordered=True)
        self._rows = RowValidator(self.scans, self.numbers)

    def snapshots(self, document: FileDocument, entry: FileVersion) -> list[str]:
        """Returns the snapshots for the version: those of its predecessors and the run's, oldest first."""
        before = snapshots_before(document, entry)
        return list(dict.fromkeys([*before, self._reference]))

    def validate(
        self, file: IngestFile, document: FileDocument, entry: FileVersion, versions: list[str], temp: Path
    ) -> ValidatedRows:
        """Validates the version with the snapshots `versions`; `temp` is an empty folder for it.

        Raises RejectedFileError for a replay that cannot be read or patched: it changes nothing then.
        """
        try:
            snapshots = tuple(self._snapshot(version) for version in versions)
            rows = self._file_rows(file, document, entry, temp)
        except MissingObjectError as error:
            if file["replay"]:
                raise RejectedFileError("missing_object", f"{error}, so the file cannot be reprocessed") from error
            raise
        modified = datetime.fromisoformat((file["last_modified"] or "").replace("Z", "+00:00"))
        latest = (modified + TOLERANCE).strftime("%Y-%m-%d %H:%M:%S.%f")
        validated = self._rows.validate(snapshots, rows, latest, (file["key"], file["version"]), temp)
        prepared, read = file["read"], validated.ledger["read"]
        if file["replay"] and prepared != read:
            detail = f"the file had {prepared} rows when it was prepared and has {read} now: it was overwritten"
            raise RejectedFileError("changed_object", detail)
        return validated

    def empty_object(self) -> Path:
        """Returns a local file without rows, for a date that only a replaced version of a file has."""
        with self._lock:
            path = self._temp / "empty.parquet"
            if not path.exists():
                write_empty(self.scans, path)
            return path

    def _snapshot(self, version: str) -> SnapshotFiles:
        with self._lock:
            if version not in self._local:
                tables = {table: self._temp / f"{version}-{table}.parquet" for table in ("tracks", "users")}
                for table, path in tables.items():
                    self._store.download(keys.snapshot_key(version, table), path)
                self._local[version] = SnapshotFiles(**tables)
            return self._local[version]

    def _file_rows(self, file: IngestFile, document: FileDocument, entry: FileVersion, temp: Path) -> FileRows:
        """Returns the rows of the file with their patches."""
        source = cast(Source, file["source"])
        stored = temp / "stored"
        if "key" in source:
            self._store.download(source["key"], stored)
        else:
            download_raw(self._store, document, file, stored)
        rows = reopen(source, stored, temp)
        patch_keys = patches_of(document, entry)
        if not patch_keys:
            return rows
        patches = [(key, self._patches(key, temp / f"patches-{number}")) for number, key in enumerate(patch_keys)]
        with self.numbers.cursor() as numbers:
            return apply_patches(numbers, rows, file["read"] or 0, patches, STREAM, temp)

    def _patches(self, key: str, path: Path) -> Path:
        try:
            self._store.download(key, path)
        except MissingObjectError as error:
            raise RejectedFileError("bad_patches", f"{error}: put the row patches again") from error
        return path
