"""A snapshot that is built while a file is validated: of ingest and validate one always sees the other."""

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
    """Does `meanwhile` once, right before or after the store's nth write under a prefix."""

    def __init__(self, world: World, prefix: str, after: bool, meanwhile: Callable[[], None]) -> None:
        self._put = world.store.put
        self._prefix = prefix
        self._after = after
        self._meanwhile: Callable[[], None] | None = meanwhile

    def put(self, key: str, body: bytes, *, absent: bool = False, etag: str | None = None) -> None:
        todo = self._meanwhile if key.startswith(self._prefix) else None
        if todo is not None:
            self._meanwhile = None
        if todo is not None and not self._after:
            todo()
        self._put(key, body, absent=absent, etag=etag)
        if todo is not None and self._after:
            todo()


@pytest.mark.parametrize("prefix", [keys.UNKNOWN_PREFIX, keys.FILES_PREFIX])
@pytest.mark.parametrize("after", [False, True])
def test_wherever_the_snapshot_comes_the_file_is_reprocessed(
    known: World, prefix: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = known.put("a.csv", BODY)
    run_id = known.form(file)
    known.ingest(run_id)

    def build() -> None:
        known.reference(users=MORE_USERS)
        known.ingest(known.form())

    context = known.context("validate", run_id)
    monkeypatch.setattr(known.store, "put", Interrupted(known, prefix, after, build).put)
    validate.run(context)
    (marker,) = known.asked()
    assert marker["replay"]["of"] == file["version"]
    newest = read_json(known.store, keys.REFERENCE_KEY)["reference_version"]
    assert marker["replay"]["cause"] == f"snapshot:{newest}"
    assert known.marked() == [file["file_id"]]


def test_validate_asks_again_after_it_died_before_it_could(known: World) -> None:
    file = known.put("a.csv", BODY)
    run_id = known.form(file)
    known.ingest(run_id)
    known.validate(run_id)
    known.store.delete(keys.result_key(run_id, "validate"))
    known.reference(users=MORE_USERS)
    known.ingest(known.form())
    for marker in [*known.store.list(keys.REPLAYS_PREFIX)]:
        known.store.delete(marker.key)
    known.validate(run_id, attempt=2)
    assert [marker["replay"]["requested_by"] for marker in known.asked()] == ["validate"]


def test_a_rejected_replay_leaves_the_newest_snapshot_to_be_asked_for(known: World) -> None:
    """A request with bad patches was under way when the snapshot came: ingest saw the file in hand, validate asks."""
    file = known.put("a.csv", BODY)
    known.through(file)
    key = keys.patches_key(file["file_id"], 1, "r1")
    known.store.put(key, b"no patch\n")
    again = known.replay(file, patches_key=key)
    run_id = known.form(again)
    known.reference(users=MORE_USERS)
    known.ingest(run_id)
    for marker in [*known.store.list(keys.REPLAYS_PREFIX)]:
        known.store.delete(marker.key)
    known.validate(run_id)
    assert [marker["replay"]["of"] for marker in known.asked()] == [1]
