"""The context of a job: its arguments, the store, a temp folder, the time, and one JSON log line per event.

    def main(argv: list[str]) -> None:
        with glue_job(argv, "validate", {"held_threshold": "0.5"}) as context:
            run(context)

`run(context)` is the job. Tests and the bench call it with a context of their own.
"""

import json
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from contracts import keys
from contracts.stages import predecessor
from storage.store import Store, create_json, read_json

#: Optional arguments of every job, with their defaults; a job adds its own.
COMMON_DEFAULTS = {"engine": "duckdb", "memory_limit": "1GB"}
REQUIRED = ("JOB_NAME", "run_id", "attempt", "bucket")


class JobError(Exception):
    """The job cannot continue. The message is one sentence: what happened, to which file or run, what to do next."""


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def instant(moment: datetime) -> str:
    """Formats a time as all documents do: ISO 8601 in UTC with milliseconds and `Z`."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@dataclass(frozen=True)
class JobContext:
    """One run of one job. `stage` is the job's stage (contracts/stages.py) or `erasure`; `temp` is the job's folder."""

    stage: str
    run_id: str
    attempt: int
    store: Store
    temp: Path
    now: Callable[[], datetime] = utc_now
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def commit_name(self) -> str:
        """`<run id>-<attempt>`: part of the key of every object that this run of the job writes."""
        return f"{self.run_id}-{self.attempt}"

    @property
    def engine(self) -> str:
        return self.options.get("engine", COMMON_DEFAULTS["engine"])

    @property
    def memory_limit(self) -> str:
        return self.options.get("memory_limit", COMMON_DEFAULTS["memory_limit"])

    def log(self, event: str, level: str = "INFO", **fields: Any) -> None:
        """Prints one JSON line. `correlation_id` is the run id: one search finds the lines of functions and jobs."""
        head = {"time": instant(self.now()), "level": level, "event": event, "job": self.stage}
        ids = {"correlation_id": self.run_id, "run_id": self.run_id, "attempt": self.attempt}
        line = {**head, **ids, **fields}
        # One write per line, because threads log too.
        sys.stdout.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        sys.stdout.flush()

    def is_committed(self) -> bool:
        """Returns whether this stage of the run has its result already, so that there is nothing to do."""
        if self.store.head(keys.result_key(self.run_id, self.stage)) is None:
            return False
        self.log("already_committed")
        return True

    def result_of(self, stage: str) -> Any:
        """Returns the committed result of an earlier stage of this run."""
        return self.must_read(keys.result_key(self.run_id, stage))

    def predecessor_result(self) -> Any:
        """Returns the committed result of the stage before this one."""
        return self.result_of(predecessor(self.stage) or "")

    def must_read(self, key: str) -> Any:
        """Returns a document that has to exist."""
        document = read_json(self.store, key)
        if document is None:
            raise JobError(f"{key} is missing; redrive the stage that writes it before {self.stage} of {self.run_id}.")
        return document

    def result_head(self) -> dict[str, Any]:
        """Returns the fields that every result begins with."""
        head = {"schema_version": 1, "run_id": self.run_id, "attempt": self.attempt}
        return {**head, "committed_at": instant(self.now())}

    def commit(self, result: Any) -> None:
        """Makes the job's one commit. If another attempt of the same work committed first, its result counts."""
        first = create_json(self.store, keys.result_key(self.run_id, self.stage), result)
        self.log("committed" if first else "already_committed")


def _resolve(argv: list[str], defaults: Mapping[str, str]) -> dict[str, str]:
    from awsglue.utils import getResolvedOptions

    given = {argument.split("=", 1)[0] for argument in argv}
    names = [*REQUIRED, *(name for name in defaults if f"--{name}" in given)]
    resolved = getResolvedOptions(argv, names)
    return {**defaults, **{name: str(resolved[name]) for name in names}}


@contextmanager
def glue_job(argv: list[str], stage: str, defaults: Mapping[str, str] | None = None) -> Iterator[JobContext]:
    """Makes the context of a job that Glue (or the local runner) started with `argv`, which is sys.argv.

    `defaults` names the job's own optional arguments. Any error ends the process with exit code 1 and one sentence.
    """
    from storage.store_s3 import S3Store

    options = _resolve(argv, {**COMMON_DEFAULTS, **(defaults or {})})
    temp = Path(tempfile.mkdtemp(prefix=f"music-etl-{stage}-"))
    store = S3Store(options["bucket"])
    context = JobContext(stage, options["run_id"], int(options["attempt"]), store, temp, options=options)
    try:
        context.log("started", options=options)
        yield context
        context.log("finished")
    except Exception as error:
        context.log("failed", "ERROR", error=str(error), trace=traceback.format_exc())
        # Glue shows the last line as the run's error, but an engine's message has several lines.
        message = " ".join(str(error).split())
        sys.exit(f"{stage} of run {context.run_id}: {type(error).__name__}: {message}")
    finally:
        shutil.rmtree(temp, ignore_errors=True)
