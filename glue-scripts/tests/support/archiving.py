"""Runs that the archive job archives."""

from typing import Any

from oracle.model import Accepted

from contracts import keys
from jobs import archive, kpi, load
from load.table_memory import MemoryTable
from storage.store import encode, read_json
from support.kpi_world import KpiWorld, row

D = "2018-11-15"
ROWS = [row("u1", "t1", f"{D} 10:00:00"), row("u2", "t3", "2018-11-16 11:00:00")]


def through_load(bucket: KpiWorld, files: dict[str, list[Accepted]]) -> str:
    run = bucket.validate(files)
    kpi.run(bucket.context("kpi", run))
    load.run(bucket.context("load", run), MemoryTable())
    return run


def archived(bucket: KpiWorld, run: str, attempt: int = 1) -> Any:
    archive.run(bucket.context("archive", run, attempt))
    return read_json(bucket.store, keys.result_key(run, "archive"))


def version(bucket: KpiWorld, key: str, number: int = 1) -> Any:
    document = read_json(bucket.store, keys.file_key(keys.file_id(key)))
    assert document is not None
    return document["versions"][number - 1]


def change(bucket: KpiWorld, key: str, **fields: Any) -> None:
    name = keys.file_key(keys.file_id(key))
    document = read_json(bucket.store, name)
    assert document is not None
    document["versions"][-1].update(fields)
    bucket.store.put(name, encode(document))


def listed(bucket: KpiWorld, prefix: str) -> list[str]:
    return [info.key for info in bucket.store.list(prefix)]
