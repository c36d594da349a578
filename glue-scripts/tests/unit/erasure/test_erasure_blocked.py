"""Conditions under which a phase of an erasure fails, and the remedy that the error names."""

import json
from pathlib import Path

import pytest
from oracle.builders import MODIFIED
from oracle.model import InputFile
from oracle.pipeline import Sandbox
from support.erasing import request_erasure, run_phase
from support.erasure_files import (
    HEADER,
    OTHERS,
    THEIRS,
    WHO,
    D,
    run_to_completion,
)

from contracts import keys
from erasure.reprocessing import BlockedError
from jobs.context import JobError
from storage.store import read_json


def test_rewrite_and_purge_fail_while_a_run_is_active(sandbox: Sandbox, tmp_path: Path) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    request_erasure(sandbox, WHO)
    sandbox.store.put(f"{keys.ACTIVE_PREFIX}kpi/r.json", b"{}")
    for name in ("rewrite", "purge"):
        with pytest.raises(JobError, match=r"processed/active/kpi/r\.json says that work is under way; wait"):
            run_phase(sandbox, name, tmp_path / name)
    assert run_phase(sandbox, "find", tmp_path / "find")["files"]


def test_purge_fails_while_a_file_is_not_reprocessed(sandbox: Sandbox, tmp_path: Path) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    request_erasure(sandbox, WHO)
    with pytest.raises(JobError, match="has no result of rewrite"):
        run_phase(sandbox, "purge", tmp_path / "early")
    result = run_phase(sandbox, "rewrite", tmp_path / "rewrite")
    sandbox.store.delete(result["files"][0]["replay"])
    with pytest.raises(BlockedError, match=r"streams/a\.csv version 1 was not reprocessed yet"):
        run_phase(sandbox, "purge", tmp_path / "purge")


@pytest.mark.parametrize(
    ("prefix", "message"),
    [
        (f"validated/event_date={D}/", "counts and still has rows of the user"),
        (f"kpis/metric=user_daily/event_date={D}/", "is published and still has the user"),
    ],
)
def test_purge_fails_while_a_current_object_has_the_user(
    sandbox: Sandbox, tmp_path: Path, prefix: str, message: str
) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    (before,) = sandbox.store.list(prefix)
    body, _ = sandbox.store.read(before.key)
    request_erasure(sandbox, WHO)
    run_phase(sandbox, "rewrite", tmp_path / "rewrite")
    sandbox.run_replays()
    current = [info.key for info in sandbox.store.list(prefix) if info.key != before.key]
    sandbox.store.put(current[0], body)
    with pytest.raises(BlockedError, match=f"{current[0]} {message}"):
        run_phase(sandbox, "purge", tmp_path / "purge")


@pytest.mark.parametrize(("state", "remedy"), [("waiting", "put reference data"), ("running", "see to run")])
def test_rewrite_fails_while_a_run_needs_a_file_of_the_user(
    sandbox: Sandbox, tmp_path: Path, state: str, remedy: str
) -> None:
    sandbox.upload(InputFile("streams/a.csv", (HEADER + THEIRS).encode(), MODIFIED))
    name = keys.file_key(keys.file_id("streams/a.csv"))
    document = read_json(sandbox.store, name)
    document["versions"][0]["state"] = state
    sandbox.store.put(name, json.dumps(document).encode())
    request_erasure(sandbox, WHO)
    with pytest.raises(BlockedError, match=f"version 1 is {state} and has rows of the user; {remedy}"):
        run_phase(sandbox, "rewrite", tmp_path / "rewrite")


def test_an_unknown_phase_fails_and_lists_the_phases(sandbox: Sandbox, tmp_path: Path) -> None:
    request_erasure(sandbox, WHO)
    with pytest.raises(JobError, match="--phase all is not known: choose one of find, rewrite, purge"):
        run_phase(sandbox, "all", tmp_path / "all")
