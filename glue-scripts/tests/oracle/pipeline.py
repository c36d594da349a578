"""The five jobs in one process on a DirectoryStore, as the services would start them: register, form, run, export."""

import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from contracts import keys
from contracts.documents import FileDocument, FileVersion, RunFile
from jobs import archive, ingest, kpi, load, validate
from jobs.context import JobContext, instant
from oracle.model import InputFile
from oracle.pipeline_export import Line, date_lines, file_lines, metric_lines, quarantine_lines
from publish.store import read_json
from publish.store_directory import DirectoryStore
from publish.table_memory import MemoryTable


def _new_version(number: int, version_id: str, etag: str, size: int, now: datetime) -> FileVersion:
    return {
        "version": number,
        "content_version": None,
        "replay": None,
        "version_id": version_id,
        "etag": etag,
        "sequencer": f"{number:016x}",
        "size": size,
        "arrived_at": instant(now),
        "state": "pending",
        "run_id": None,
        "claimed_at": None,
        "repeats": [],
        "reason": None,
        "ledger": None,
        "dates": {},
        "touched_dates": [],
        "committed_by": None,
        "has_event_ids": False,
        "quarantine_key": None,
        "archived_to": None,
        "reference_versions": [],
    }


class Floor:
    """A bucket with its documents, and a clock that uploads set."""

    def __init__(self, folder: Path, options: dict[str, str] | None = None) -> None:
        self.now = datetime(2018, 11, 1, tzinfo=timezone.utc)
        self.store = DirectoryStore(folder / "store", lambda: self.now)
        self.table = MemoryTable()
        self.jobs: dict[str, Callable[[JobContext], None]] = {
            "ingest": ingest.run,
            "validate": validate.run,
            "kpi": kpi.run,
            "load": lambda context: load.run(context, self.table),
            "archive": archive.run,
        }
        self.options = options or {}
        self.runs = 0
        self._folder = folder

    def upload(self, file: InputFile) -> str | None:
        """Puts an object and registers its version as ingest's function does; its key, None for a repeat."""
        self.now = file.last_modified
        self.store.put(file.key, file.body)
        info = self.store.head(file.key)
        assert info is not None
        path = keys.file_key(keys.file_id(file.key))
        known: FileDocument | None = read_json(self.store, path)
        document: FileDocument = known or {
            "schema_version": 1,
            "file_id": keys.file_id(file.key),
            "key": file.key,
            "versions": [],
        }
        versions = document["versions"]
        if versions and versions[-1]["etag"] == info.etag:
            versions[-1]["repeats"].append(info.version_id)
            self.store.put(path, json.dumps(document).encode())
            return None
        versions.append(_new_version(len(versions) + 1, info.version_id, info.etag, info.size, self.now))
        self.store.put(path, json.dumps(document).encode())
        return file.key

    def form(self, stream_keys: Iterable[str], reference_changed: bool) -> str:
        """Claims the newest version of each file for a new run and writes run.json."""
        self.runs += 1
        run_id = f"{self.now:%Y%m%dT%H%M%S}000-{self.runs:08x}"
        files: list[RunFile] = []
        for key in stream_keys:
            path = keys.file_key(keys.file_id(key))
            document: FileDocument = read_json(self.store, path)
            newest = document["versions"][-1]
            newest["state"], newest["run_id"], newest["claimed_at"] = "running", run_id, instant(self.now)
            self.store.put(path, json.dumps(document).encode())
            files.append(
                {
                    "file_id": document["file_id"],
                    "key": key,
                    "version": newest["version"],
                    "version_id": newest["version_id"],
                    "etag": newest["etag"],
                    "size": newest["size"],
                    "replay": None,
                    "raw": None,
                }
            )
        run = {
            "schema_version": 1,
            "run_id": run_id,
            "created_at": instant(self.now),
            "files": files,
            "reference_changed": reference_changed,
            "dates": [],
            "reference_version": None,
            "why": None,
        }
        self.store.put(keys.run_key(run_id), json.dumps(run).encode())
        return run_id

    def run(self, stream_keys: Iterable[str], reference_changed: bool = False) -> None:
        """One batch through all five stages."""
        run_id = self.form(stream_keys, reference_changed)
        for stage in self.jobs:
            self.start(stage, run_id)

    def again(self, stage: str, run_id: str) -> None:
        """The job once more, as after an attempt that died between its last write and its commit."""
        self.store.delete(keys.result_key(run_id, stage))
        self.start(stage, run_id, attempt=2)

    def start(self, stage: str, run_id: str, attempt: int = 1) -> None:
        """One Glue run of one job."""
        self.now += timedelta(minutes=1)
        with tempfile.TemporaryDirectory(dir=self._folder) as temp:
            context = JobContext(
                stage, run_id, attempt, "bucket", self.store, Path(temp), lambda: self.now, self.options
            )
            self.jobs[stage](context)

    def exported(self) -> dict[str, list[Line]]:
        """Everything that `music-etl export` writes."""
        ledgers = {
            "files": file_lines(self.store),
            "dates": date_lines(self.store),
            "quarantine": quarantine_lines(self.store),
        }
        return {**metric_lines(self.table), **ledgers}
