"""The five jobs in one process on a DirectoryStore, as the services would start them: register, form, run, export."""

import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from contracts import keys
from contracts.current_version import content_version
from contracts.documents import FileDocument, FileVersion, ReplayMarker, RunFile
from jobs import archive, ingest, kpi, load, validate
from jobs.context import JobContext, instant
from load.table_memory import MemoryTable
from oracle.model import InputFile
from oracle.pipeline_export import Line, date_lines, file_lines, metric_lines, quarantine_lines
from oracle.replays import appended, decide, newest_word, raw_of
from storage.store import encode, read_json
from storage.store_directory import DirectoryStore
from validation.predecessors import replay_of


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
        "reused_event_ids": 0,
        "quarantine_key": None,
        "archived_to": None,
        "reference_versions": [],
    }


class Sandbox:
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
        if versions and newest_word(document)["etag"] == info.etag:
            newest_word(document)["repeats"].append(info.version_id)
            self.store.put(path, json.dumps(document).encode())
            return None
        content = max((content_version(entry) for entry in versions), default=0) + 1
        new = _new_version(len(versions) + 1, info.version_id, info.etag, info.size, self.now)
        versions.append({**new, "content_version": content})
        self.store.put(path, json.dumps(document).encode())
        return file.key

    def form(self, stream_keys: Iterable[str], reference_changed: bool = False) -> str:
        """Claims the newest version of each file for a new run and writes run.json."""
        run_id = self._next_run()
        documents = [self._document(keys.file_id(key)) for key in stream_keys]
        files = [self._claim(document, document["versions"][-1], run_id) for document in documents]
        return self._write_run(run_id, files=files, reference_changed=reference_changed)

    def form_replays(self) -> str | None:
        """A run of everything that is to be reprocessed and can be now; None where there is nothing."""
        run_id = self._next_run()
        files: list[RunFile] = []
        for info in list(self.store.list(keys.REPLAYS_PREFIX)):
            marker: ReplayMarker = read_json(self.store, info.key)
            document = self._document(marker["file_id"])
            of = decide(document, marker["replay"])
            if of == "later":
                continue
            self.store.delete(info.key)
            if of != "over":
                number = len(document["versions"]) + 1
                new = _new_version(number, of["version_id"], of["etag"], of["size"], self.now)
                document = appended(document, of, marker["replay"], new)
                files.append(self._claim(document, document["versions"][-1], run_id))
        return self._write_run(run_id, files=files) if files else None

    def ask(self, key: str, cause: str, accept: bool = False, patches: bytes | None = None) -> None:
        """A person asks for the newest validation of a file to be made again, or for a held file to stand."""
        document = self._document(keys.file_id(key))
        of = newest_word(document)["version"]
        patches_key = keys.patches_key(document["file_id"], of, cause) if patches else None
        if patches_key:
            self.store.put(patches_key, patches or b"")
        asked = {"of": of, "cause": cause, "why": "to see", "requested_by": "ann", "requested_at": instant(self.now)}
        replay = {**asked, "accept": accept, "patches_key": patches_key}
        marker = {"schema_version": 1, "file_id": document["file_id"], "key": key, "replay": replay}
        self.store.put(keys.replay_key(document["file_id"], of, cause), encode(marker))

    def backfill(self, dates: list[str]) -> str:
        """Has these dates computed again with the newest snapshot, from kpi on."""
        version = read_json(self.store, keys.REFERENCE_KEY)["reference_version"]
        run_id = self._write_run(self._next_run(), dates=dates, reference_version=version, why="to see")
        for stage in ("kpi", "load", "archive"):
            self.start(stage, run_id)
        return run_id

    def settle(self) -> int:
        """Reprocesses until nothing is asked for any more; how many runs that took."""
        formed = 0
        while (run_id := self.form_replays()) is not None:
            formed += 1
            for stage in self.jobs:
                self.start(stage, run_id)
        return formed

    def _document(self, file_id: str) -> FileDocument:
        document: FileDocument = read_json(self.store, keys.file_key(file_id))
        return document

    def _claim(self, document: FileDocument, version: FileVersion, run_id: str) -> RunFile:
        version["state"], version["run_id"], version["claimed_at"] = "running", run_id, instant(self.now)
        self.store.put(keys.file_key(document["file_id"]), json.dumps(document).encode())
        return {
            "file_id": document["file_id"],
            "key": document["key"],
            "version": version["version"],
            "version_id": version["version_id"],
            "etag": version["etag"],
            "size": version["size"],
            "replay": replay_of(version),
            "raw": raw_of(document, version),
            "arrived_at": version["arrived_at"],
        }

    def _next_run(self) -> str:
        self.runs += 1
        return f"{self.now:%Y%m%dT%H%M%S}000-{self.runs:08x}"

    def _write_run(self, run_id: str, **given: Any) -> str:
        nothing = {"files": [], "reference_changed": False, "dates": [], "reference_version": None, "why": None}
        head = {"schema_version": 1, "run_id": run_id, "created_at": instant(self.now)}
        self.store.put(keys.run_key(run_id), json.dumps({**head, **nothing, **given}).encode())
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
                stage, run_id, attempt, self.store, Path(temp), lambda: self.now, self.options
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
