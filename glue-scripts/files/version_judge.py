"""Judges one version of a file: with which snapshots, which bytes and which mended rows is told by its document."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import cast

from contracts import keys
from contracts.documents import FileDocument, FileVersion
from contracts.results import IngestFile
from files.columns import STREAM
from files.copies import Judged
from files.database import connect
from files.fixes import mend
from files.forerunners import fixes_of, snapshots_before
from files.judge import Judge, SnapshotFiles
from files.prepare import reopen
from files.raw import download_raw
from files.refusal import RefusedFileError
from files.relation import Source
from publish.store import MissingObjectError, Store

#: How much later than its upload a listen may begin.
TOLERANCE = timedelta(hours=1)


class VersionJudge:
    """The judge of a run that pins the snapshot `reference`. `temp` is the job's folder.

    `scans` and `numbers` are its databases (files/database.py).
    """

    def __init__(self, store: Store, temp: Path, memory_limit: str, reference: str) -> None:
        self._store = store
        self._temp = temp
        self._reference = reference
        self._local: dict[str, SnapshotFiles] = {}
        self._lock = Lock()
        self.scans = connect(memory_limit, temp, ordered=False)
        self.numbers = connect(memory_limit, temp, ordered=True)
        self._judge = Judge(self.scans, self.numbers)

    def snapshots(self, document: FileDocument, entry: FileVersion) -> list[str]:
        """The snapshots that count for the version: those of its forerunners and the run's, oldest first."""
        before = snapshots_before(self._store, document, entry)
        return list(dict.fromkeys([*before, self._reference]))

    def judge(
        self, file: IngestFile, document: FileDocument, entry: FileVersion, versions: list[str], temp: Path
    ) -> Judged:
        """The version's rows by the snapshots `versions`; `temp` is its own empty folder.

        Of a replay, whatever cannot be read or mended is a RefusedFileError: it then changes nothing.
        """
        try:
            known = tuple(self._snapshot(version) for version in versions)
            rows = self._rows(file, document, entry, temp)
        except MissingObjectError as error:
            if file.get("replay"):
                raise RefusedFileError("missing_object", f"{error}, so the file cannot be judged again") from error
            raise
        modified = datetime.fromisoformat((file["last_modified"] or "").replace("Z", "+00:00"))
        latest = (modified + TOLERANCE).strftime("%Y-%m-%d %H:%M:%S.%f")
        judged = self._judge.judge(known, rows, latest, temp, (file["key"], file["version"]))
        before, now = file["read"], judged.ledger["read"]
        if file.get("replay") and before != now:
            detail = f"the file had {before} rows when it was prepared and has {now} now: it was written anew meanwhile"
            raise RefusedFileError("changed_object", detail)
        return judged

    def _snapshot(self, version: str) -> SnapshotFiles:
        with self._lock:
            if version not in self._local:
                tables = {table: self._temp / f"{version}-{table}.parquet" for table in ("tracks", "users")}
                for table, path in tables.items():
                    self._store.download(keys.snapshot_key(version, table), path)
                self._local[version] = SnapshotFiles(**tables)
            return self._local[version]

    def _rows(self, file: IngestFile, document: FileDocument, entry: FileVersion, temp: Path) -> tuple[Source, Path]:
        """How the rows are read, mended ones in place of what the file says, and the local file."""
        source = cast(Source, file["source"])
        stored = temp / "stored"
        if "key" in source:
            self._store.download(source["key"], stored)
        else:
            download_raw(self._store, document, file, stored)
        rows = reopen(source, stored, temp)
        fixes = [(key, self._fixes(key, temp / f"fixes-{n}")) for n, key in enumerate(fixes_of(document, entry))]
        if not fixes:
            return source, rows
        with self.numbers.cursor() as numbers:
            return mend(numbers, (source, rows, file["read"] or 0), fixes, STREAM, temp)

    def _fixes(self, key: str, path: Path) -> Path:
        try:
            self._store.download(key, path)
        except MissingObjectError as error:
            raise RefusedFileError("bad_fixes", f"{error}: put the mended rows again") from error
        return path
