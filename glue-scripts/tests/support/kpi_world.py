"""A small bucket as validate leaves it, and what the oracle says of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from oracle.metrics import NAMES, metric_lines
from oracle.model import Accepted, Track

from contracts import keys
from contracts.columns import ACCEPTED, TRACKS, USERS
from contracts.current_version import current_version
from contracts.documents import DateDocument, FileDocument, FileVersion
from contracts.metrics import Metric, metrics
from jobs.context import JobContext
from kpi.metric_columns import object_columns, row_order
from load.nesting import nested
from load.table_memory import MemoryTable
from sql.session import Session
from storage.store import Store, create_json, encode, read_json

NOW = datetime(2018, 11, 20, 12, 0, 0, tzinfo=timezone.utc)
REFERENCE = "20181101T000000000-00000000"
SONGS = {
    "t1": Track("t1", "One", "Ann;Bob", 200_000, "rock"),
    "t2": Track("t2", 'Two "2"\\', "Bob;Bob", 100_000, "rock"),
    "t3": Track("t3", "Drei ß\n", "Çelik", 300_000, "jazz"),
    "t4": Track("t4", "", "", 60_000, "unknown"),
}
COUNTRIES = {"u1": "DE", "u2": "DE", "u3": "unknown", "u4": "US"}


def row(user: str, track: str, time: str, **given: Any) -> Accepted:
    """An accepted row; `time` as `2018-11-15 10:00:00.000`, `given` names optional columns."""
    moment = datetime.fromisoformat(time).replace(tzinfo=timezone.utc)
    absent: dict[str, Any] = dict.fromkeys(("event_id", "ms_played", "completed", "device_type"))
    return Accepted(user, track, round(moment.timestamp() * 1000), number=0, **{**absent, **given})


def day_of(found: Accepted) -> str:
    return datetime.fromtimestamp(found.time / 1000, timezone.utc).date().isoformat()


def run_id(number: int) -> str:
    return f"20181120T120000{number:03d}-0000000{number % 10}"


@dataclass
class KpiWorld:
    """The store, filled run by run; `context` makes the context of a job."""

    store: Store
    temp: Path
    songs: dict[str, Track] = field(default_factory=lambda: dict(SONGS))
    countries: dict[str, str] = field(default_factory=lambda: dict(COUNTRIES))
    contents: dict[str, list[list[Accepted]]] = field(default_factory=dict)
    runs: int = 0

    def __post_init__(self) -> None:
        self._session = Session("1GB", self.temp, threads=1)
        tracks = [[t.track_id, t.track_name, t.artists, t.duration_ms, t.genre] for t in self.songs.values()]
        users = [[user, "" if country == "unknown" else country] for user, country in self.countries.items()]
        self._parquet(keys.snapshot_key(REFERENCE, "tracks"), TRACKS, tracks)
        self._parquet(keys.snapshot_key(REFERENCE, "users"), USERS, users)

    def _parquet(self, key: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        path = self.temp / "written" / key
        path.unlink(missing_ok=True)
        self._session.rows("written", columns, rows)
        self._session.export("select * from written", path)
        self.store.upload(path, key)

    def validate(
        self, files: dict[str, list[Accepted]], columns: Mapping[str, str] = ACCEPTED, further: Mapping[str, Any] = {}
    ) -> str:
        """Commits a run in which each file (key → its accepted rows) is the next version of its key.

        `columns` are those of the accepted rows; `further` gives all rows the values of those that are new.
        """
        self.runs += 1
        run = run_id(self.runs)
        outcomes = [self._file(run, key, rows, columns, further) for key, rows in files.items()]
        touched = sorted({day for document, version in outcomes for day in version["touched_dates"]})
        head = {"schema_version": 1, "run_id": run, "attempt": 1, "committed_at": "2018-11-20T12:00:00.000Z"}
        in_run = [_run_file(document, version) for document, version in outcomes]
        created = {"created_at": "2018-11-20T12:00:00.000Z", "files": in_run, "reference_changed": False}
        backfill: dict[str, Any] = {"dates": [], "reference_version": None, "why": None}
        create_json(self.store, keys.run_key(run), {"schema_version": 1, "run_id": run, **created, **backfill})
        ingested = [_ingested(found) for found in in_run]
        snapshot = {"built": False, "sources": [], "broken": []}
        ingest = {**head, "reference_version": REFERENCE, "files": ingested, "snapshot": snapshot}
        create_json(self.store, keys.result_key(run, "ingest"), ingest)
        validated = [_validated(document, version) for document, version in outcomes]
        result = {**head, "reference_version": REFERENCE, "files": validated, "touched_dates": touched}
        create_json(self.store, keys.result_key(run, "validate"), result)
        return run

    def _file(
        self, run: str, key: str, rows: list[Accepted], columns: Mapping[str, str], further: Mapping[str, Any]
    ) -> tuple[FileDocument, FileVersion]:
        self.contents.setdefault(key, []).append(rows)
        self.store.put(key, encode([repr(found) for found in rows]))
        info = self.store.head(key)
        assert info is not None
        name = keys.file_key(keys.file_id(key))
        new: FileDocument = {"schema_version": 1, "file_id": keys.file_id(key), "key": key, "versions": []}
        document: FileDocument = read_json(self.store, name) or new
        number = len(document["versions"]) + 1
        before = [day for version in document["versions"] for day in version["dates"]]
        days = sorted({day_of(found) for found in rows})
        dates = {day: sum(day_of(found) == day for found in rows) for day in days}
        for day in sorted({*days, *before}):
            of_day = [{**_values(found), **further} for found in rows if day_of(found) == day]
            written = [[values[name] for name in columns] for values in of_day]
            self._parquet(keys.validated_key(day, document["file_id"], number, f"{run}-1"), columns, written)
        ledger = {"read": len(rows), "accepted": len(rows), "quarantined": {}, "duplicate": 0}
        version: Any = {
            **{"version": number, "version_id": info.version_id, "etag": info.etag, "sequencer": f"{number:08d}"},
            **{"size": info.size, "arrived_at": "2018-11-20T11:00:00.000Z", "state": "validated", "run_id": run},
            **{"claimed_at": "2018-11-20T11:30:00.000Z", "repeats": [], "reason": None, "ledger": ledger},
            **{"dates": dates, "touched_dates": sorted({*days, *before}), "committed_by": f"{run}-1"},
            **{"reused_event_ids": 0, "quarantine_key": None, "archived_to": None},
            **{"content_version": None, "replay": None, "reference_versions": [REFERENCE]},
        }
        document["versions"].append(version)
        self.store.put(name, encode(document))
        return document, version

    def context(self, stage: str, run: str, attempt: int = 1, now: Callable[[], datetime] = lambda: NOW) -> JobContext:
        temp = self.temp / f"{stage}-{run}-{attempt}"
        temp.mkdir(parents=True, exist_ok=True)
        return JobContext(stage, run, attempt, self.store, temp, now)

    def published(self) -> dict[str, list[dict[str, Any]]]:
        """Returns the export lines of all published dates by metric of the oracle, in the order of the export."""
        lines: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
        for metric in (found for found in metrics() if found["name"] in lines):
            for date, key in self._objects(metric):
                period = {} if metric["period"] == "as_of" else {"date": date}
                lines[metric["name"]] += [{**period, **item} for item in nested(metric, self._read(metric, key))]
        return {name: sorted(found, key=sort_key) for name, found in lines.items()}

    def flat_rows(self, name: str) -> list[dict[str, Any]]:
        """Returns the rows of a metric's objects, with the date of their keys."""
        metric = next(found for found in metrics() if found["name"] == name)
        columns = list(object_columns(metric))
        return [
            {"date": date, **dict(zip(columns, values, strict=True))}
            for date, key in self._objects(metric)
            for values in self._read(metric, key)
        ]

    def _objects(self, metric: Metric) -> Iterator[tuple[str, str]]:
        """Yields date and key of the metric's published objects, by date."""
        for info in self.store.list(keys.DATES_PREFIX):
            document: DateDocument = read_json(self.store, info.key)
            if found := document["objects"].get(metric["name"]):
                yield document["date"], found["key"]

    def _read(self, metric: Metric, key: str) -> list[tuple[Any, ...]]:
        path = self.temp / "read" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self.store.download(key, path)
        self._session.parquet("published", [path], object_columns(metric))
        return self._session.query(f"from published{row_order(metric)}")

    def effective(self) -> list[Accepted]:
        """Returns the rows that count, by the rules: latest version of a file, first file of a row."""
        rows: dict[tuple[object, ...], Accepted] = {}
        for key in sorted(self.contents, key=lambda name: name.encode()):
            for found in self.contents[key][-1]:
                rows.setdefault(found.identity, found)
        return list(rows.values())

    def expected(self) -> dict[str, list[dict[str, Any]]]:
        return metric_lines(self.effective(), self.songs, self.countries)


def sort_key(line: dict[str, Any]) -> tuple[bytes, ...]:
    parts = (line.get(name) for name in ("date", "as_of", "genre", "track_id", "user_id", "country", "device_type"))
    return tuple((part or "").encode() for part in parts)


def shown(table: MemoryTable) -> dict[str, list[dict[str, Any]]]:
    """The table as export lines of the oracle's metrics."""
    lines: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    known = {metric["name"]: metric for metric in metrics()}
    for item in sorted(table.items.values(), key=lambda found: (found["period"], str(found["metric_key"]).encode())):
        name = item["metric_key"].partition("#")[0]
        if name in lines:
            metric = known[name]
            period: dict[str, Any] = {metric["period"]: item["period"]}
            named = {metric["key"]: item[metric["key"]]} if metric["key"] else {}
            lines[name].append({**period, **named, **{field: item[field] for field in metric["fields"]}})
    return lines


def _values(found: Accepted) -> dict[str, Any]:
    moment = datetime.fromtimestamp(found.time // 1000, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    names = ("event_id", "user_id", "track_id", "ms_played", "completed", "device_type")
    return {**{name: getattr(found, name) for name in names}, "listen_time": f"{moment}.{found.time % 1000:03d}"}


def _run_file(document: FileDocument, version: FileVersion) -> dict[str, Any]:
    of_version = {name: version[name] for name in ("version", "version_id", "etag", "size")}
    return {"file_id": document["file_id"], "key": document["key"], **of_version, "replay": None, "raw": None}


def _ingested(found: dict[str, Any]) -> dict[str, Any]:
    kinds = {"format": "csv", "compression": "none", "read": 1, "source": {}, "reason": None}
    return {**found, "last_modified": None, "outcome": "prepared", **kinds}


def _validated(document: FileDocument, version: FileVersion) -> dict[str, Any]:
    assert current_version(document) is not None
    head = {"file_id": document["file_id"], "key": document["key"], "version": version["version"]}
    found = {"ledger": version["ledger"], "dates": version["dates"], "reused_event_ids": 0, "quarantine_key": None}
    return {**head, "outcome": "validated", **found}
