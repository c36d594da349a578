"""One round: mutated files and untouched neighbours in one run through the jobs, and the promises for each."""

import gzip
import json
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from random import Random
from typing import Any

import duckdb
from oracle.model import InputFile
from oracle.pipeline import Sandbox

from contracts import keys
from contracts.documents import FileDocument, FileVersion
from contracts.generated_data import generated_data
from contracts.results import IngestResult
from fuzz.corpus import Corpus, good_file, packed
from fuzz.mutate import mutate
from storage.store import read_json

MODIFIED = datetime(2018, 11, 20, 12, tzinfo=timezone.utc)
#: Every code with which a file may be rejected (formats/rejection.py).
CODES = ("empty_file", "not_text", "corrupt_file", "missing_column", "duplicate_column", "too_large")
#: Every reason for which a row may be quarantined.
REASONS = set(generated_data("row_reasons")["reasons"])
#: Much more than a round of this size takes on a busy machine.
SECONDS = 60.0
#: Metrics with items that only the neighbours have.
OWN_LINES = {"user_daily": "user_id", "device_daily": "device_type", "genre_daily": "genre"}


@dataclass(frozen=True)
class Case:
    """One mutated file; `what` names the mutations."""

    key: str
    what: str
    body: bytes


def make_cases(rng: Random, corpus: Corpus, count: int) -> list[Case]:
    cases = []
    for number in range(count):
        form, body = good_file(rng, corpus)
        before = rng.random() < 0.9
        names, mutated = mutate(rng, form, body if before else packed(rng, body))
        if before:
            mutated = packed(rng, mutated)
        cases.append(Case(f"streams/{number:03d}", f"{form}: {', '.join(names)}", mutated))
    return cases


class Round:
    """A bucket with reference data, in which runs of some files are validated."""

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        self.sandbox = Sandbox(folder)
        self._temp = folder
        self.sandbox.store.put("reference/songs/songs.csv", corpus.world.songs)
        self.sandbox.store.put("reference/users/users.csv", corpus.world.users)

    def validate(self, files: dict[str, bytes]) -> float:
        """Runs ingest and validate on the files. Returns the seconds that this took."""
        named = [self.sandbox.upload(InputFile(key, body, MODIFIED)) for key, body in files.items()]
        self.run_id = self.sandbox.create_run([key for key in named if key], reference_changed=True)
        began = time.monotonic()
        self.sandbox.start("ingest", self.run_id)
        self.sandbox.start("validate", self.run_id)
        return time.monotonic() - began

    def publish(self, files: Iterable[str]) -> dict[str, list[Any]]:
        """Runs kpi and load. Returns the lines of the export that are about the neighbours only."""
        self.sandbox.start("kpi", self.run_id)
        self.sandbox.start("load", self.run_id)
        export = self.sandbox.exported()
        own = {
            name: [line for line in export[name] if "neighbour" in str(line[field])]
            for name, field in OWN_LINES.items()
        }
        return {**own, "quarantine": [line for line in export["quarantine"] if line["key"] in set(files)]}

    def entry(self, key: str) -> FileVersion:
        document: FileDocument = read_json(self.sandbox.store, keys.file_key(keys.file_id(key)))
        return document["versions"][-1]

    def reads(self) -> dict[str, int | None]:
        """Returns the rows that ingest counted, by key."""
        result: IngestResult = read_json(self.sandbox.store, keys.result_key(self.run_id, "ingest"))
        return {file["key"]: file["read"] for file in result["files"]}

    def quarantine(self, key: str) -> list[Any]:
        object_key = self.entry(key)["quarantine_key"]
        if object_key is None:
            return []
        text = gzip.decompress(self.sandbox.store.read(object_key)[0]).decode()
        return [json.loads(line) for line in text.split("\n") if line]

    def rows(self, key: str) -> list[tuple[Any, ...]]:
        """Returns the accepted rows that the file's document names, sorted."""
        entry = self.entry(key)
        found: list[tuple[Any, ...]] = []
        with tempfile.TemporaryDirectory(dir=self._temp) as folder, duckdb.connect() as database:
            database.execute("set timezone = 'UTC'")
            for date in entry["dates"]:
                name = (keys.file_id(key), entry["version"], str(entry["committed_by"]))
                path = Path(folder) / date
                self.sandbox.store.download(keys.validated_key(date, *name), path)
                found += database.execute(
                    f"select '{date}', * from read_parquet('{path}', hive_partitioning = false) order by all"
                ).fetchall()
        return found

    def outcome(self, key: str) -> dict[str, Any]:
        """Returns everything about a file that other files of the run must not change."""
        entry = self.entry(key)
        kept = {name: entry[name] for name in ("state", "ledger", "dates", "reused_event_ids")}
        return {**kept, "rows": self.rows(key), "quarantine": self.quarantine(key)}


def broken_promises(ran: Round, key: str, read: int | None) -> list[str]:
    """Returns the promises for every file that this file breaks."""
    entry = ran.entry(key)
    if entry["state"] == "rejected":
        reason = entry["reason"]
        known = reason is not None and reason["code"] in CODES and bool(reason["detail"])
        return [] if known else [f"rejected without a typed reason: {reason}"]
    if entry["state"] not in ("held", "validated") or entry["ledger"] is None:
        return [f"it ended as {entry['state']}"]
    return _unbalanced(ran, key, read)


def _unbalanced(ran: Round, key: str, read: int | None) -> list[str]:
    entry = ran.entry(key)
    ledger = entry["ledger"]
    assert ledger is not None
    quarantined = sum(ledger["quarantined"].values())
    quarantine = ran.quarantine(key)
    counts = entry["state"] == "validated"
    rules = {
        "read = accepted + duplicate + quarantined": ledger["read"]
        == ledger["accepted"] + ledger["duplicate"] + quarantined,
        "ingest and validate count the same rows": read == ledger["read"],
        "every quarantined row is in quarantine": len(quarantine) == quarantined,
        "rows are quarantined for a reason of docs/kpis.md": set(ledger["quarantined"]) <= REASONS,
        "quarantine lists its rows in order": [row["row"] for row in quarantine]
        == sorted({row["row"] for row in quarantine}),
        "the dates are those of the accepted rows": not counts or sum(entry["dates"].values()) == ledger["accepted"],
        "the objects hold the accepted rows": not counts or len(ran.rows(key)) == ledger["accepted"],
    }
    return [f"{rule}: does not hold ({ledger})" for rule, holds in rules.items() if not holds]
