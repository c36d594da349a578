"""Fixtures for every test: a store in a fresh folder, and a bucket with the first two jobs."""

from pathlib import Path

import pytest
from support.world import NOW, World

from storage.store import Store
from storage.store_directory import DirectoryStore


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return DirectoryStore(tmp_path / "store", lambda: NOW)


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    """An empty bucket."""
    return World(store, tmp_path / "jobs")


@pytest.fixture
def known(world: World) -> World:
    """A bucket with reference data: users u1 and u2, tracks t1 and t2."""
    world.reference()
    return world
