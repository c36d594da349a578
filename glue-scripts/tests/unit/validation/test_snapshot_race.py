"""A snapshot that is built while a file is validated: one of ingest and validate requests the replay."""

from collections.abc import Callable

import pytest
from support.world import USERS, World

from contracts import keys
from jobs import validate
from storage.store import read_json

BODY = (
    b"user_id,track_id,listen_time\nu1,t1,2018-11-15 10:00:00\nu1,t2,2018-11-15 11:00:00\nu9,t1,2018-11-16 10:00:00\n"
)
MORE_USERS = USERS + b"u9,n,20,US,2018-01-01\n"


class Interrupted:
    """Calls `meanwhile` once, right before or after the store's first write under a prefix."""

    def __init__(self, world: World, prefix: str, after: bool, meanwhile: Callable[[], None]) -> None:
        self._put = world.store.put
        self._prefix = prefix
        self._after = after
        self._meanwhile: Callable[[], None] | None = meanwhile

    def put(self, key: str, body: bytes, *, absent: bool = False, etag: str | None = None) -> None:
        meanwhile = self._meanwhile if key.startswith(self._prefix) else None
        if meanwhile is not None:
            self._meanwhile = None
        if meanwhile is not None and not self._after:
            meanwhile()
        self._put(key, body, absent=absent, etag=etag)
        if meanwhile is not None and self._after:
            meanwhile()


@pytest.mark.parametrize("prefix", [keys.UNKNOWN_PREFIX, keys.FILES_PREFIX])
@pytest.mark.parametrize("after", [False, True])
def test_a_replay_is_requested_whenever_the_snapshot_is_built(
    known: World, prefix: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = known.put("a.csv", BODY)
    run_id = known.create_run(file)
    known.ingest(run_id)

    def build() -> None:
        known.reference(users=MORE_USERS)
        known.ingest(known.create_run())

    context = known.context("validate", run_id)
    monkeypatch.setattr(known.store, "put", Interrupted(known, prefix, after, build).put)
    validate.run(context)
    (marker,) = known.replay_markers()
    assert marker["replay"]["of"] == file["version"]
    newest = read_json(known.store, keys.REFERENCE_KEY)["reference_version"]
    assert marker["replay"]["cause"] == f"snapshot:{newest}"
    assert known.marked_files() == [file["file_id"]]


def test_a_second_attempt_of_validate_requests_the_replay(known: World) -> None:
    file = known.put("a.csv", BODY)
    run_id = known.create_run(file)
    known.ingest(run_id)
    known.validate(run_id)
    known.store.delete(keys.result_key(run_id, "validate"))
    known.reference(users=MORE_USERS)
    known.ingest(known.create_run())
    known.remove_replay_markers()
    known.validate(run_id, attempt=2)
    assert [marker["replay"]["requested_by"] for marker in known.replay_markers()] == ["validate"]


def test_validate_requests_the_replay_for_a_new_snapshot_after_it_rejects_another_replay(known: World) -> None:
    file = known.put("a.csv", BODY)
    known.ingest_and_validate(file)
    key = keys.patches_key(file["file_id"], 1, "r1")
    known.store.put(key, b"no patch\n")
    again = known.replay(file, patches_key=key)
    run_id = known.create_run(again)
    known.reference(users=MORE_USERS)
    known.ingest(run_id)
    known.remove_replay_markers()
    known.validate(run_id)
    assert [marker["replay"]["of"] for marker in known.replay_markers()] == [1]
