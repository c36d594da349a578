"""A bucket as validate leaves it, and an empty table."""

from pathlib import Path

import pytest
from support.kpi_world import NOW, KpiWorld

from load.table_memory import MemoryTable
from storage.store_directory import DirectoryStore


@pytest.fixture
def bucket(tmp_path: Path) -> KpiWorld:
    return KpiWorld(DirectoryStore(tmp_path / "store", lambda: NOW), tmp_path / "temp")


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable()
