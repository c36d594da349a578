"""A bucket as validate leaves it."""

from pathlib import Path

import pytest
from support.kpi_world import NOW, KpiWorld

from storage.store_directory import DirectoryStore


@pytest.fixture
def bucket(tmp_path: Path) -> KpiWorld:
    return KpiWorld(DirectoryStore(tmp_path / "store", lambda: NOW), tmp_path / "temp")
