"""The change log of a date, one object a generation: a head that says what made numbers change, then a line a change.

The name is the generation's and the content follows from documents and objects that stay the same, so a load that is
repeated writes the same again (but for `recorded_at`).
"""

import gzip
import shutil
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from contracts import keys
from contracts.current_version import version_of
from contracts.documents import Change, ChangeFile, ChangeHead, DateDocument, FileDocument, FileVersion
from contracts.results import ValidateResult
from load.changes import Baseline
from storage.store import Store, encode, in_parallel, read_json
from validation.predecessors import replay_of

#: A listen on D reaches trending_24h of D, D+1 and D+2 (jobs/kpi.py).
REACH = 2


class ChangeLog:
    """Writes the logs of a run's dates. `temp` is a folder of its own."""

    def __init__(self, store: Store, temp: Path) -> None:
        self._store = store
        self._temp = temp

    def is_recorded(self, document: DateDocument) -> bool:
        return self._store.head(keys.changes_key(document["date"], document["generation"])) is not None

    def record(self, document: DateDocument, baseline: Baseline, found: Iterable[Change], now: str) -> int:
        """Writes the log, unless nothing changed. Returns how many changes there were."""
        day, generation = document["date"], document["generation"]
        self._temp.mkdir(parents=True, exist_ok=True)
        lines = self._temp / f"{day}-{generation}.jsonl"
        with lines.open("wb") as file:
            count = sum(file.write(encode(change) + b"\n") > 0 for change in found)
        if count or self._was_overtaken(day, baseline.generation):
            head = self._head(document, baseline, now, count)
            packed = lines.with_suffix(".gz")
            with packed.open("wb") as target, gzip.GzipFile("", "wb", fileobj=target, mtime=0) as file:
                file.write(encode(head) + b"\n")
                with lines.open("rb") as body:
                    shutil.copyfileobj(body, file)
            self._store.upload(packed, keys.changes_key(day, generation))
        lines.unlink()
        return count

    def _was_overtaken(self, day: str, since: int) -> bool:
        """Whether a generation that never became complete has left a log: only a later one that names the same
        `previous_generation` tells that it does not count."""
        logs = self._store.list(keys.changes_prefix(day))
        return any(int(info.key.rsplit("/", 1)[1].split(".", 1)[0]) > since for info in logs)

    def _head(self, document: DateDocument, baseline: Baseline, now: str, count: int) -> ChangeHead:
        return {
            "kind": "head",
            "schema_version": 1,
            "date": document["date"],
            "run_id": document["run_id"],
            "generation": document["generation"],
            "previous_generation": baseline.generation,
            "reference_version": document["reference_version"],
            "previous_reference_version": baseline.reference_version,
            "recorded_at": now,
            "files": self._causes(document["run_id"], document["date"]),
            "changes": count,
        }

    def _causes(self, run_id: str, day: str) -> list[ChangeFile]:
        """The run's file versions that have, or had, rows in reach of the date; a backfill has none.

        Where none has, copies of a row on different dates made the change: those with event ids."""
        validated: ValidateResult | None = read_json(self._store, keys.result_key(run_id, "validate"))
        files = [file for file in (validated["files"] if validated else []) if file["outcome"] == "validated"]
        documents: list[FileDocument | None] = in_parallel(
            lambda file: read_json(self._store, keys.file_key(file["file_id"])), files
        )
        known = [
            (document, version)
            for file, document in zip(files, documents, strict=True)
            if document and (version := version_of(document, file["version"]))
        ]
        days = {(date.fromisoformat(day) - timedelta(days=back)).isoformat() for back in range(REACH + 1)}
        reaching = [found for found in known if days & set(found[1]["touched_dates"])]
        return _told(reaching or [found for found in known if any(v["has_event_ids"] for v in found[0]["versions"])])


def _told(found: Sequence[tuple[FileDocument, FileVersion]]) -> list[ChangeFile]:
    told: list[ChangeFile] = [
        {
            "file_id": document["file_id"],
            "key": document["key"],
            "version": version["version"],
            "why": replay["why"] if (replay := replay_of(version)) else None,
        }
        for document, version in found
    ]
    return sorted(told, key=lambda file: file["key"].encode())
