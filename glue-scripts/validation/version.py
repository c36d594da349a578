"""Validates one version of a file: with which snapshots, which bytes and which row patches is told by its document."""

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
from formats.relation import Source
from sql.database import connect
from storage.raw import download_raw
from storage.store import MissingObjectError, Store
from validation.duplicates import Validated
from validation.predecessors import patches_of, snapshots_before
from validation.row_patches import patch
from validation.rows import SnapshotFiles, Validator

#: How much later than its upload a listen may begin.
TOLERANCE = timedelta(hours=1)


class VersionValidator:
    """The validate of a run that pins the snapshot `reference`. `temp` is the job's folder.

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
        self._validate = Validator(self.scans, self.numbers)

    def snapshots(self, document: FileDocument, entry: FileVersion) -> list[str]:
        """The snapshots that count for the version: those of its predecessors and the run's, oldest first."""
        before = snapshots_before(self._store, document, entry)
        return list(dict.fromkeys([*before, self._reference]))

    def validate(
        self, file: IngestFile, document: FileDocument, entry: FileVersion, versions: list[str], temp: Path
    ) -> Validated:
        """The version's rows by the snapshots `versions`; `temp` is its own empty folder.

        Of a replay, whatever cannot be read or patched is a RejectedFileError: it then changes nothing.
        """
        try:
            known = tuple(self._snapshot(version) for version in versions)
            rows = self._rows(file, document, entry, temp)
        except MissingObjectError as error:
            if file.get("replay"):
                raise RejectedFileError("missing_object", f"{error}, so the file cannot be reprocessed") from error
            raise
        modified = datetime.fromisoformat((file["last_modified"] or "").replace("Z", "+00:00"))
        latest = (modified + TOLERANCE).strftime("%Y-%m-%d %H:%M:%S.%f")
        validated = self._validate.validate(known, rows, latest, temp, (file["key"], file["version"]))
        before, now = file["read"], validated.ledger["read"]
        if file.get("replay") and before != now:
            detail = f"the file had {before} rows when it was prepared and has {now} now: it was written anew meanwhile"
            raise RejectedFileError("changed_object", detail)
        return validated

    def _snapshot(self, version: str) -> SnapshotFiles:
        with self._lock:
            if version not in self._local:
                tables = {table: self._temp / f"{version}-{table}.parquet" for table in ("tracks", "users")}
                for table, path in tables.items():
                    self._store.download(keys.snapshot_key(version, table), path)
                self._local[version] = SnapshotFiles(**tables)
            return self._local[version]

    def _rows(self, file: IngestFile, document: FileDocument, entry: FileVersion, temp: Path) -> tuple[Source, Path]:
        """How the rows are read, patched ones in place of what the file says, and the local file."""
        source = cast(Source, file["source"])
        stored = temp / "stored"
        if "key" in source:
            self._store.download(source["key"], stored)
        else:
            download_raw(self._store, document, file, stored)
        rows = reopen(source, stored, temp)
        patches = [
            (key, self._patches(key, temp / f"patches-{n}")) for n, key in enumerate(patches_of(document, entry))
        ]
        if not patches:
            return source, rows
        with self.numbers.cursor() as numbers:
            return patch(numbers, (source, rows, file["read"] or 0), patches, STREAM, temp)

    def _patches(self, key: str, path: Path) -> Path:
        try:
            self._store.download(key, path)
        except MissingObjectError as error:
            raise RejectedFileError("bad_patches", f"{error}: put the row patches again") from error
        return path
