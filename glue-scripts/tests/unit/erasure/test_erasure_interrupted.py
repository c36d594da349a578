"""Every phase may be stopped at any of its writes and run again: the end is the same."""

from pathlib import Path
from typing import Any

import pytest
from oracle.compare import compare
from oracle.pipeline import Sandbox
from support.erasing import ask, bytes_of, phase, replay
from support.erasure_files import HEADER, OTHERS, THEIRS, WHO, D, settle, shown, without

from contracts import keys
from storage.store_directory import DirectoryStore

HELD = HEADER + OTHERS + f"{WHO},nope,{D} 12:00:00,\n" * 9
FILES = (("a.csv", HEADER + OTHERS + THEIRS), ("held.csv", HELD), ("json.json", f'{{"user_id":"{WHO}"}}\n'))


class StoppedError(Exception):
    """The process is gone."""


class Stopping(DirectoryStore):
    """Does so many writes and deletions, and no more."""

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
    """A phase that is stopped after so many writes, again and again a few writes later."""
    for tried in range(100):
        try:
            return phase(sandbox, name, folder / f"{name}-{tried}", Stopping(sandbox.store._root, piece + tried))
        except StoppedError:
            continue
    raise AssertionError(f"{name} never ended")


@pytest.mark.parametrize("piece", [1, 3])
def test_an_erasure_in_pieces_ends_as_one_that_was_never_stopped(sandbox: Sandbox, tmp_path: Path, piece: int) -> None:
    settle(sandbox, *FILES)
    expected = shown(without(sandbox, *FILES))
    ask(sandbox, WHO)
    in_pieces(sandbox, "rewrite", tmp_path, piece)
    replay(sandbox)
    in_pieces(sandbox, "purge", tmp_path, piece)
    again = phase(sandbox, "find", tmp_path / "find")
    assert (again["files"], again["objects"]) == ([], {})
    assert [key for key, body in bytes_of(sandbox.store, tmp_path) if WHO.encode() in body] == []
    assert list(sandbox.store.list(keys.REPLAYS_PREFIX)) == []
    left = {**shown(sandbox.exported())}
    # Without its one row the JSON file would be empty, and rejected.
    json_line = {"key": "streams/json.json", "version": 1}
    for export in (left, expected):
        export["files"] = [line for line in export["files"] if line["key"] != json_line["key"]]
    assert compare(expected, left) == []
