"""Writes the change log of a date, one object a generation: a head with the causes, then one line a change.

The name and the content follow from the generation and from documents and objects that do not change. So a load that
is repeated writes the same again, except for `recorded_at`.
"""

import gzip
import shutil
from collections.abc import Iterable
from pathlib import Path

from contracts import keys
from contracts.current_version import version_of
from contracts.documents import Change, ChangeFile, ChangeHead, DateDocument, FileDocument
from contracts.results import ValidateResult
from kpi.dates import REACH, shifted
from load.changes import Baseline
from storage.store import Store, encode, in_parallel, read_json


class ChangeLog:
    """Writes the logs of a run's dates. `temp` is a folder of its own."""

    def __init__(self, store: Store, temp: Path) -> None:
        self._store = store
        self._temp = temp

    def is_recorded(self, document: DateDocument) -> bool:
        """Returns whether the log of the document's generation exists."""
        return self._store.head(keys.changes_key(document["date"], document["generation"])) is not None

    def record(self, document: DateDocument, baseline: Baseline, found: Iterable[Change], now: str) -> int:
        """Writes the log, unless nothing changed. Returns the number of changes."""
        day, generation = document["date"], document["generation"]
        self._temp.mkdir(parents=True, exist_ok=True)
        lines = self._temp / f"{day}-{generation}.jsonl"
        with lines.open("wb") as file:
            count = sum(file.write(encode(change) + b"\n") > 0 for change in found)
        if count or self._was_overtaken(day, baseline.generation):
            self._store.upload(
                _pack(self._head(document, baseline, now, count), lines), keys.changes_key(day, generation)
            )
        lines.unlink()
        return count

    def _was_overtaken(self, day: str, since: int) -> bool:
        """Returns whether a generation that never became complete has left a log.

        Only a later log with the same `previous_generation` shows that such a log does not count.
        """
        logs = self._store.list(keys.changes_prefix(day))
        return any(keys.generation_of_changes(info.key) > since for info in logs)

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
        """Returns the run's file versions that have, or had, rows in reach of the date; a backfill has none."""
        validated: ValidateResult | None = read_json(self._store, keys.result_key(run_id, "validate"))
        files = [file for file in (validated["files"] if validated else []) if file["outcome"] == "validated"]
        documents: list[FileDocument | None] = in_parallel(
            lambda file: read_json(self._store, keys.file_key(file["file_id"])), files
        )
        in_reach = {shifted(day, -back) for back in range(REACH + 1)}
        found = (
            _cause(document, file["version"], in_reach)
            for file, document in zip(files, documents, strict=True)
            if document
        )
        return sorted((cause for cause in found if cause), key=lambda cause: cause["key"].encode())


def _cause(document: FileDocument, number: int, dates: set[str]) -> ChangeFile | None:
    version = version_of(document, number)
    if version is None or not dates & set(version["touched_dates"]):
        return None
    why = version["replay"]["why"] if version["replay"] else None
    return {"file_id": document["file_id"], "key": document["key"], "version": number, "why": why}


def _pack(head: ChangeHead, lines: Path) -> Path:
    packed = lines.with_suffix(".gz")
    # Without a time in it, the same content gives the same bytes.
    with packed.open("wb") as target, gzip.GzipFile("", "wb", fileobj=target, mtime=0) as file:
        file.write(encode(head) + b"\n")
        with lines.open("rb") as body:
            shutil.copyfileobj(body, file)
    return packed
