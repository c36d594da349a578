"""Every phase may be stopped at any of its writes and run again: the result is the same."""

from pathlib import Path
from typing import Any

import pytest
from oracle.compare import compare
from oracle.pipeline import Sandbox
from support.erasing import keys_naming, request_erasure, run_phase
from support.erasure_files import (
    HEADER,
    OTHERS,
    THEIRS,
    WHO,
    D,
    export_without_user,
    run_to_completion,
    without_versions,
)

from contracts import keys
from storage.store_directory import DirectoryStore

HELD = HEADER + OTHERS + f"{WHO},nope,{D} 12:00:00,\n" * 9
FILES = (("a.csv", HEADER + OTHERS + THEIRS), ("held.csv", HELD), ("json.json", f'{{"user_id":"{WHO}"}}\n'))


class StoppedError(Exception):
    """The process has ended."""


class Stopping(DirectoryStore):
    """Fails after so many writes and deletions."""

    def __init__(self, root: Path, writes: int) -> None:
        super().__init__(root)
        self.writes = writes

    def _count(self) -> None:
        self.writes -= 1
        if self.writes < 0:
            raise StoppedError

    def put(self, key: str, body: bytes, *, absent: bool = False, etag: str | None = None) -> None:
        self._count()
        super().put(key, body, absent=absent, etag=etag)

    def upload(self, path: Path, key: str) -> None:
        self._count()
        super().upload(path, key)

    def delete(self, key: str, version_id: str | None = None) -> None:
        self._count()
        super().delete(key, version_id)


def in_pieces(sandbox: Sandbox, name: str, folder: Path, piece: int) -> Any:
    """Runs a phase that is stopped after so many writes, and repeats it with one write more each time."""
    for tried in range(100):
        try:
            return run_phase(sandbox, name, folder / f"{name}-{tried}", Stopping(sandbox.store._root, piece + tried))
        except StoppedError:
            continue
    raise AssertionError(f"{name} never ended")


@pytest.mark.parametrize("piece", [1, 3])
def test_an_interrupted_erasure_ends_like_an_uninterrupted_one(sandbox: Sandbox, tmp_path: Path, piece: int) -> None:
    run_to_completion(sandbox, *FILES)
    expected = without_versions(export_without_user(sandbox, *FILES))
    request_erasure(sandbox, WHO)
    in_pieces(sandbox, "rewrite", tmp_path, piece)
    sandbox.run_replays()
    in_pieces(sandbox, "purge", tmp_path, piece)
    again = run_phase(sandbox, "find", tmp_path / "find")
    assert (again["files"], again["objects"]) == ([], {})
    assert keys_naming(sandbox, WHO, tmp_path) == []
    assert list(sandbox.store.list(keys.REPLAYS_PREFIX)) == []
    left = {**without_versions(sandbox.exported())}
    # The expected JSON file would be rejected, because it is empty without its one row.
    json_line = {"key": "streams/json.json", "version": 1}
    for export in (left, expected):
        export["files"] = [line for line in export["files"] if line["key"] != json_line["key"]]
    assert compare(expected, left) == []
