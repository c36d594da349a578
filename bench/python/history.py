"""(c) kpi of one date, with one date of history and with a year of it, with the source's own ids and without.

python history.py [--rows 20000] [--repeat 3]
"""

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bucket import NOW, copy_bucket, open_bucket, prepared_bucket, version_entry
from contracts import keys
from jobs.context import instant
from listens import Listening, connect, rows_sql
from measure import Run, middle, run_job, table
from storage.store import change_json, create_json, read_json
from storage.store_directory import DirectoryStore

#: The date that is computed, in the middle of what there is.
DAY = date(2018, 6, 15)
#: 1: nothing else · 5: every date that the work reaches · 365: a year.
HISTORIES = (1, 5, 365)


@dataclass(frozen=True)
class Day:
    """A date and the file that holds its rows."""

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
    """Rows and documents as validate leaves them, one file a date."""
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
            if event_ids:
                index = f"select event_id, date '{day.date}' as event_date from ({select})"
                database.execute(f"copy ({index}) to '{path}' (format parquet, compression snappy)")
                store.upload(path, keys.event_ids_key(file_id, 1, commit))
                path.unlink()
            document(store, day, int(counted[0]) if counted else 0, event_ids)


def document(store: DirectoryStore, day: Day, rows: int, event_ids: bool) -> None:
    store.put(day.key, b"-")
    info = store.head(day.key)
    ledger = {"read": rows, "accepted": rows, "quarantined": {}, "duplicate": 0}
    found = {"ledger": ledger, "dates": {day.date: rows}, "touched_dates": [day.date], "has_event_ids": event_ids}
    entry = version_entry(1, info, state="validated", run_id=day.run_id, committed_by=f"{day.run_id}-1", **found)
    identity = {"file_id": keys.file_id(day.key), "key": day.key}
    change_json(
        store, keys.file_key(identity["file_id"]), lambda _: {"schema_version": 1, **identity, "versions": [entry]}
    )


def form(store: DirectoryStore, day: Day) -> str:
    """Validate's result of the run that brought `day`."""
    version = read_json(store, keys.REFERENCE_KEY)["reference_version"]
    found = read_json(store, keys.file_key(keys.file_id(day.key)))["versions"][0]
    told = {
        "file_id": keys.file_id(day.key),
        "key": day.key,
        "version": 1,
        "outcome": "validated",
        "quarantine_key": None,
    }
    head = {"schema_version": 1, "run_id": day.run_id, "attempt": 1, "committed_at": instant(NOW)}
    files = [{**told, "ledger": found["ledger"], "dates": found["dates"]}]
    result = {**head, "reference_version": version, "files": files, "touched_dates": [day.date]}
    create_json(store, keys.result_key(day.run_id, "validate"), result)
    return day.run_id


def measured(base: Path, folder: Path, count: int, event_ids: bool, rows: int) -> Path:
    """A bucket with that much history."""
    bucket = folder / f"history-{count}"
    copy_bucket(base, bucket)
    store = open_bucket(bucket)
    publish_days(store, folder, days(count), rows, event_ids)
    form(store, Day(DAY.isoformat(), f"{keys.STREAMS_PREFIX}{DAY.isoformat()}.csv"))
    return bucket


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory(prefix="music-etl-bench-") as made:
        folder = Path(made)
        base = prepared_bucket(folder)
        run_id = Day(DAY.isoformat(), "").run_id
        for event_ids in (False, True):
            found: dict[int, list[Run]] = {count: [] for count in HISTORIES}
            buckets = {count: measured(base, folder, count, event_ids, given.rows) for count in HISTORIES}
            for _ in range(given.repeat):
                for count, bucket in buckets.items():
                    copy_bucket(bucket, folder / "copy")
                    found[count].append(run_job(folder / "copy", "kpi", run_id))
            for bucket in (*buckets.values(), folder / "copy"):
                shutil.rmtree(bucket)
            sides = {count: middle(runs) for count, runs in found.items()}
            year = sides[365]
            seconds = [f"{sides[count].wall:.2f}" for count in HISTORIES]
            ratios = [f"{year.wall / sides[count].wall:.2f}" for count in (1, 5)]
            lines.append(["with event ids" if event_ids else "without ids", *seconds, *ratios, f"{year.peak:.0f}"])
    header = ("kpi of one date", *(f"{count} dates s" for count in HISTORIES), "365 : 1", "365 : 5", "peak MiB")
    table(f"(c) One date recomputed, {given.rows:,} rows a date, by how many dates there are", header, lines)


if __name__ == "__main__":
    main()
