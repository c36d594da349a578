"""Runs that load changes into a table, and the change logs that they leave."""

import gzip
import json
from datetime import datetime
from typing import Any

from oracle.model import Accepted

from contracts import keys
from jobs import kpi, load
from load.table_memory import MemoryTable
from support.kpi_world import NOW, KpiWorld
from support.schema import assert_conforms


def loaded_run(
    bucket: KpiWorld, table: MemoryTable, files: dict[str, list[Accepted]], now: datetime = NOW, attempt: int = 1
) -> str:
    """Runs the stages up to load on these files. Returns the id of the run."""
    run = bucket.validate(files)
    kpi.run(bucket.context("kpi", run, now=lambda: now))
    load.run(bucket.context("load", run, attempt), table)
    return run


def log_of(bucket: KpiWorld, date: str, generation: int) -> tuple[Any, list[Any]]:
    """Head and changes; no head where nothing was written. Every line keeps to its contract."""
    key = keys.changes_key(date, generation)
    if bucket.store.head(key) is None:
        return None, []
    head, *changes = [json.loads(line) for line in gzip.decompress(bucket.store.read(key)[0]).decode().splitlines()]
    assert_conforms(head, "ChangeHead")
    for change in changes:
        assert_conforms(change, "Change")
    assert head["changes"] == len(changes)
    return head, changes
