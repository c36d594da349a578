"""Measures (c): kpi of one date with one date of history and with a year, with event ids and without.

python history.py [--rows 20000] [--repeat 3]
"""

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bucket import NOW, copy_bucket, file_version, open_bucket, prepared_bucket, write_file_document
from contracts import keys
from jobs.context import instant
from listens import Listening, connect, rows_sql
from measure import Run, middle, run_job, table
from storage.store import create_json, read_json
from storage.store_directory import DirectoryStore

#: The date to compute, in the middle of the history.
DAY = date(2018, 6, 15)
#: 1: no other date · 5: all dates that the computation reads · 365: a year.
HISTORIES = (1, 5, 365)


@dataclass(frozen=True)
class Day:
    """A date and the file that has its rows."""

    date: str
    key: str

    @property
    def run_id(self) -> str:
        return f"20181201T120000000-{int(self.date.replace('-', '')):08x}"


def days(count: int) -> list[Day]:
    first = DAY - timedelta(days=count // 2)
    dates = [(first + timedelta(days=number)).isoformat() for number in range(count)]
    return [Day(day, f"{keys.STREAMS_PREFIX}{day}.csv") for day in dates]


def publish_days(store: DirectoryStore, folder: Path, wanted: Sequence[Day], rows: int, event_ids: bool) -> None:
    """Writes the rows and documents of validate, one file per date."""
    with connect() as database:
        database.execute(f"create table template as {rows_sql(Listening(rows, 1, DAY.isoformat()))}")
        for day in wanted:
            file_id, commit = keys.file_id(day.key), f"{day.run_id}-1"
            event_id = f"md5('{day.date}' || i)" if event_ids else "cast(null as varchar)"
            move = (date.fromisoformat(day.date) - DAY).days
            select = f"""select {event_id} as event_id, user_id, track_id,
                strptime(listen_time, '%Y-%m-%d %H:%M:%S.%g') + to_days({move}) as listen_time,
                try_cast(ms_played as bigint) as ms_played, try_cast(completed as boolean) as completed,
                nullif(device_type, '') as device_type from template
                where strptime(listen_time, '%Y-%m-%d %H:%M:%S.%g') < timestamp '{DAY}' + interval 1 day"""
            path = folder / "day.parquet"
            counted = database.execute(f"copy ({select}) to '{path}' (format parquet, compression snappy)").fetchone()
            store.upload(path, keys.validated_key(day.date, file_id, 1, commit))
            path.unlink()
            write_document(store, day, int(counted[0]) if counted else 0)


def write_document(store: DirectoryStore, day: Day, rows: int) -> None:
    store.put(day.key, b"-")
    info = store.head(day.key)
    ledger = {"read": rows, "accepted": rows, "quarantined": {}, "duplicate": 0}
    found = {"ledger": ledger, "dates": {day.date: rows}, "touched_dates": [day.date]}
    assert info is not None
    origin = {"state": "validated", "run_id": day.run_id, "committed_by": f"{day.run_id}-1"}
    write_file_document(store, day.key, file_version(info, {**origin, **found}))


def write_result(store: DirectoryStore, day: Day) -> str:
    """Writes validate's result of the run that has the file of `day`. Returns the run's id."""
    version = read_json(store, keys.REFERENCE_KEY)["reference_version"]
    found = read_json(store, keys.file_key(keys.file_id(day.key)))["versions"][0]
    file = {
        "file_id": keys.file_id(day.key),
        "key": day.key,
        "version": 1,
        "outcome": "validated",
        "quarantine_key": None,
        "reused_event_ids": 0,
    }
    head = {"schema_version": 1, "run_id": day.run_id, "attempt": 1, "committed_at": instant(NOW)}
    files = [{**file, "ledger": found["ledger"], "dates": found["dates"]}]
    result = {**head, "reference_version": version, "files": files, "touched_dates": [day.date]}
    create_json(store, keys.result_key(day.run_id, "validate"), result)
    return day.run_id


def bucket_with_history(base: Path, folder: Path, count: int, event_ids: bool, rows: int) -> Path:
    """Makes a bucket with rows of `count` dates."""
    bucket = folder / f"history-{count}"
    copy_bucket(base, bucket)
    store = open_bucket(bucket)
    publish_days(store, folder, days(count), rows, event_ids)
    write_result(store, Day(DAY.isoformat(), f"{keys.STREAMS_PREFIX}{DAY.isoformat()}.csv"))
    return bucket


def measure(base: Path, folder: Path, event_ids: bool, rows: int, repeat: int) -> list[str]:
    """Computes the date in a bucket of each history. Returns one line of the table."""
    found: dict[int, list[Run]] = {count: [] for count in HISTORIES}
    buckets = {count: bucket_with_history(base, folder, count, event_ids, rows) for count in HISTORIES}
    for _ in range(repeat):
        for count, bucket in buckets.items():
            copy_bucket(bucket, folder / "copy")
            found[count].append(run_job(folder / "copy", "kpi", Day(DAY.isoformat(), "").run_id))
    for bucket in (*buckets.values(), folder / "copy"):
        shutil.rmtree(bucket)
    sides = {count: middle(runs) for count, runs in found.items()}
    year = sides[365]
    seconds = [f"{sides[count].wall:.2f}" for count in HISTORIES]
    ratios = [f"{year.wall / sides[count].wall:.2f}" for count in (1, 5)]
    return ["with event ids" if event_ids else "without ids", *seconds, *ratios, f"{year.peak:.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="music-etl-bench-") as made:
        folder = Path(made)
        base = prepared_bucket(folder)
        lines = [measure(base, folder, event_ids, given.rows, given.repeat) for event_ids in (False, True)]
    header = ("kpi of one date", *(f"{count} dates s" for count in HISTORIES), "365 : 1", "365 : 5", "peak MiB")
    table(f"(c) One date recomputed, {given.rows:,} rows a date, by how many dates there are", header, lines)


if __name__ == "__main__":
    main()
