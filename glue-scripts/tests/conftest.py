"""Fixtures that every test may use: a store in a fresh folder, a fixed clock, job contexts, and a schema check."""

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contracts.metrics import schemas
from jobs.context import JobContext
from publish.store import Store
from publish.store_directory import DirectoryStore

NOW = datetime(2018, 11, 16, 12, 0, 0, tzinfo=timezone.utc)
RUN_ID = "20181116T120000000-0123abcd"


def assert_conforms(document: Any, schema: str) -> None:
    """Fails where `document` breaks the contract `schema`, a name of packages/contracts."""
    jsonschema.Draft202012Validator(schemas()[schema]).validate(document)


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "store", lambda: NOW)


@pytest.fixture
def context_for(tmp_path: Path, store: Store) -> Callable[..., JobContext]:
    """`context_for("validate", attempt=2, held_threshold="0.1")`: a job context on the store of the test."""

    def make(stage: str, run_id: str = RUN_ID, attempt: int = 1, **options: str) -> JobContext:
        temp = tmp_path / f"{stage}-{run_id}-{attempt}"
        temp.mkdir(exist_ok=True)
        return JobContext(stage, run_id, attempt, "test-bucket", store, temp, lambda: NOW, options)

    return make
