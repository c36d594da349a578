"""Measures (d): items per second by the load job's code and by boto3's batch_writer, same table, same items.

python load_rate.py TABLE [--rows 30000] [--repeat 3], with the environment that reaches the table.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

import boto3
from botocore.config import Config
from bucket import NOW, create_run, open_bucket, prepared_bucket
from contracts import keys
from contracts.metrics import metrics
from jobs import load
from jobs.context import JobContext
from listens import Listening, write_lines
from load.items import items
from load.table import HEADER, Item
from load.table_dynamodb import DynamoDbTable
from measure import run_job, table
from sql.session import Session
from storage.store import read_json
from storage.store_directory import DirectoryStore

RUN = "20181201T120000000-00000001"


def published(folder: Path, rows: int) -> DirectoryStore:
    """Returns a bucket in which kpi has just committed."""
    base = prepared_bucket(folder)
    store = open_bucket(base)
    write_lines(folder / "listens.csv", Listening(rows))
    create_run(store, RUN, [folder / "listens.csv"])
    for stage in ("ingest", "validate", "kpi"):
        run_job(base, stage, RUN)
    return store


def all_items(store: DirectoryStore, temp: Path, dates: Sequence[str]) -> list[Item]:
    """Returns the items that load writes, as plain Python."""
    found: list[Item] = []
    temp.mkdir()
    with Session("1GB", temp, threads=1) as session:
        for date in dates:
            document = read_json(store, keys.date_key(date))
            for metric in metrics():
                if named := document["objects"].get(metric["name"]):
                    path = temp / f"{metric['name']}-{date}.parquet"
                    store.download(named["key"], path)
                    found += [item for batch in items(session, metric, path, document) for item in batch]
    return found


def by_load_job(store: DirectoryStore, temp: Path, name: str, dates: Sequence[str]) -> float:
    """Returns the seconds of the job's code, with the table of its `main`, on dates without a complete header."""
    settings = Config(retries={"mode": "standard", "max_attempts": 5}, max_pool_connections=16)
    client = boto3.client("dynamodb", config=settings)
    for date in dates:
        client.delete_item(TableName=name, Key={"metric_key": {"S": HEADER}, "period": {"S": date}})
    store.delete(keys.result_key(RUN, "load"))
    temp.mkdir()
    context = JobContext("load", RUN, 1, store, temp, lambda: NOW)
    began = time.perf_counter()
    with redirect_stdout(StringIO()):
        load.run(context, DynamoDbTable(client, name))
    return time.perf_counter() - began


def by_batch_writer(name: str, found: Sequence[Item]) -> float:
    target: Any = boto3.resource("dynamodb").Table(name)
    began = time.perf_counter()
    with target.batch_writer() as batch:
        for item in found:
            batch.put_item(Item=item)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table")
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="music-etl-bench-") as made:
        folder = Path(made)
        store = published(folder, given.rows)
        dates = [found["date"] for found in read_json(store, keys.result_key(RUN, "kpi"))["dates"]]
        found = all_items(store, folder / "items", dates)
        jobs, bare = [], []
        for number in range(given.repeat):
            bare.append(by_batch_writer(given.table, found))
            jobs.append(by_load_job(store, folder / f"load-{number}", given.table, dates))
    count = len(found)
    rates = (count / median(jobs), count / median(bare))
    row = [f"{count:,}", f"{rates[0]:,.0f}", f"{rates[1]:,.0f}", f"{rates[0] / rates[1]:.2f}"]
    header = ("items", "load job, items/s", "batch_writer, items/s", "load job : batch_writer")
    table("(d) Items into the table of the local stack", header, [row])


if __name__ == "__main__":
    main()
