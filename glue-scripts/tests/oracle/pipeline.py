"""The five jobs in one process, as the services would start them: upload, create runs, run, export."""

import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path

from contracts import keys
from contracts.documents import ReplayMarker, RunFile
from contracts.stages import stages
from jobs.context import JobContext, instant
from load.table_memory import MemoryTable
from oracle.model import InputFile
from oracle.pipeline_documents import claim_newest, latest_of, read_file, register, with_replay, write_run
from oracle.pipeline_export import Line, date_lines, file_lines, metric_lines, quarantine_lines
from oracle.replays import version_to_reprocess
from storage.store import encode, read_json
from storage.store_directory import DirectoryStore


class Sandbox:
    """A bucket in a folder and a table in memory, through which the jobs run. Uploads set its clock."""

    def __init__(self, folder: Path, options: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.now = datetime(2018, 11, 1, tzinfo=timezone.utc)
        self.store = DirectoryStore(folder / "store", lambda: self.now)
        self.table = MemoryTable()
        self.stages = [entry["name"] for entry in stages()]
        self.options = options or {}
        self.runs = 0

    def upload(self, file: InputFile) -> str | None:
        """Puts an object and registers its version. Returns its key, None for a repeat."""
        self.now = file.last_modified
        self.store.put(file.key, file.body)
        info = self.store.head(file.key)
        assert info is not None
        return file.key if register(self.store, info, self.now) else None

    def create_run(self, stream_keys: Iterable[str], reference_changed: bool = False) -> str:
        """Claims the newest version of each file for a new run. Returns the run's id."""
        run_id = self._next_run()
        documents = [read_file(self.store, keys.file_id(key)) for key in stream_keys]
        files = [claim_newest(self.store, document, run_id, self.now) for document in documents]
        write_run(self.store, run_id, self.now, files=files, reference_changed=reference_changed)
        return run_id

    def create_replay_run(self) -> str | None:
        """Creates a run of all replays that can start now. Returns its id, None if there are none."""
        run_id = self._next_run()
        files: list[RunFile] = []
        for info in list(self.store.list(keys.REPLAYS_PREFIX)):
            marker: ReplayMarker = read_json(self.store, info.key)
            document = read_file(self.store, marker["file_id"])
            of = version_to_reprocess(document, marker["replay"])
            if of == "later":
                continue
            self.store.delete(info.key)
            if of != "void":
                document = with_replay(document, of, marker["replay"])
                files.append(claim_newest(self.store, document, run_id, self.now))
        if not files:
            return None
        write_run(self.store, run_id, self.now, files=files)
        return run_id

    def request_replay(self, key: str, cause: str, accept: bool = False, patches: bytes | None = None) -> None:
        """Requests a replay of a file's latest version, as a person does; `accept` releases a file on hold."""
        document = read_file(self.store, keys.file_id(key))
        of = latest_of(document)["version"]
        patches_key = keys.patches_key(document["file_id"], of, cause) if patches else None
        if patches_key:
            self.store.put(patches_key, patches or b"")
        by = {"why": "to see", "requested_by": "ann", "requested_at": instant(self.now)}
        replay = {"of": of, "cause": cause, **by, "accept": accept, "patches_key": patches_key}
        marker = {"schema_version": 1, "file_id": document["file_id"], "key": key, "replay": replay}
        self.store.put(keys.replay_key(document["file_id"], of, cause), encode(marker))

    def backfill(self, dates: list[str]) -> str:
        """Recomputes these dates with the newest snapshot. Returns the run's id."""
        version = read_json(self.store, keys.REFERENCE_KEY)["reference_version"]
        run_id = self._next_run()
        write_run(self.store, run_id, self.now, dates=dates, reference_version=version, why="to see")
        self.run_stages(run_id, first="kpi")
        return run_id

    def run(self, stream_keys: Iterable[str], reference_changed: bool = False) -> str:
        """Takes a batch through all stages. Returns the run's id."""
        run_id = self.create_run(stream_keys, reference_changed)
        self.run_stages(run_id)
        return run_id

    def run_replays(self) -> int:
        """Runs replays until none is requested any more. Returns the number of runs."""
        runs = 0
        while (run_id := self.create_replay_run()) is not None:
            runs += 1
            self.run_stages(run_id)
        return runs

    def run_stages(self, run_id: str, first: str = "ingest") -> None:
        """Takes a run through all stages from `first` on."""
        for stage in self.stages[self.stages.index(first) :]:
            self.start(stage, run_id)

    def retry(self, stage: str, run_id: str) -> None:
        """Runs a job again, as after an attempt that died between its last write and its commit."""
        self.store.delete(keys.result_key(run_id, stage))
        self.start(stage, run_id, attempt=2)

    def start(self, stage: str, run_id: str, attempt: int = 1) -> None:
        """Runs the job of a stage."""
        self.now += timedelta(minutes=1)
        job: Callable[..., None] = import_module(f"jobs.{stage}").run
        with tempfile.TemporaryDirectory(dir=self.folder) as temp:
            context = JobContext(stage, run_id, attempt, self.store, Path(temp), lambda: self.now, self.options)
            job(context, self.table) if stage == "load" else job(context)

    def exported(self) -> dict[str, list[Line]]:
        """Returns everything that `music-etl export` writes."""
        ledgers = {
            "files": file_lines(self.store),
            "dates": date_lines(self.store),
            "quarantine": quarantine_lines(self.store),
        }
        return {**metric_lines(self.table), **ledgers}

    def _next_run(self) -> str:
        self.runs += 1
        return f"{self.now:%Y%m%dT%H%M%S}000-{self.runs:08x}"
