"""Files, reference data, replays and stages in any order end where one computation ends.

REPLAY_EXAMPLES=200 tries more examples.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle import evaluate
from oracle.builders import HEADER, MODIFIED
from oracle.compare import compare
from oracle.model import InputFile
from oracle.pipeline import Sandbox
from oracle.pipeline_export import documents_of

from contracts import keys
from contracts.current_version import content_version, current_version
from contracts.documents import FileDocument, FileVersion
from kpi.dates import reached_dates
from validation.decided_versions import latest_decided_version
from validation.unknown import has_unknown

EXAMPLES = int(os.environ.get("REPLAY_EXAMPLES", "8"))
USERS = ("u", "v", "w")
TRACKS = ("a", "b", "c")
#: Ids that no snapshot ever knows.
NOBODY = ("n",)
NAMES = ("streams/b.csv", "streams/a.csv")

rows = st.builds(
    "{},{},2018-11-{:02d} {:02d}:00:00,{},{},,".format,
    st.sampled_from([*USERS, *USERS, *NOBODY]),
    st.sampled_from([*TRACKS, *TRACKS, *NOBODY]),
    st.sampled_from([14, 15]),
    st.sampled_from([9, 10]),
    st.sampled_from(["", "", "e1", "e2"]),
    st.sampled_from(["", "90000", "5", "bad"]),
)
bodies = st.lists(rows, min_size=1, max_size=5).map(lambda found: "\n".join([HEADER, *found]).encode())
snapshots = st.tuples(st.sets(st.sampled_from(USERS), min_size=1), st.sets(st.sampled_from(TRACKS), min_size=1))
Snapshot = tuple[set[str], set[str]]


def reference(found: Snapshot) -> tuple[bytes, bytes]:
    """Returns songs.csv and users.csv with these tracks and users; the data of each are always the same."""
    users, tracks = found
    songs = "".join(f"{TRACKS.index(t)},{t},Ann;{t},Song {t},5,100000,rock{t}\n" for t in sorted(tracks))
    people = "".join(f"{user},DE{user}\n" for user in sorted(users))
    header = "id,track_id,artists,track_name,popularity,duration_ms,track_genre\n"
    return (header + songs).encode(), ("user_id,user_country\n" + people).encode()


@dataclass
class Play:
    """A sandbox whose runs advance by one stage at a time, in any order. `choose` draws one of several numbers."""

    sandbox: Sandbox
    choose: Callable[[int], int]
    active: list[tuple[str, list[str]]] = field(default_factory=list)
    uploads: list[InputFile] = field(default_factory=list)

    def put_reference(self, found: Snapshot) -> None:
        songs, users = reference(found)
        self.sandbox.store.put(f"{keys.SONGS_PREFIX}songs.csv", songs)
        self.sandbox.store.put(f"{keys.USERS_PREFIX}users.csv", users)
        self.active.append((self.sandbox.create_run([], reference_changed=True), ["ingest"]))

    def put(self, name: str, body: bytes) -> None:
        file = InputFile(name, body, MODIFIED, len(self.uploads) + 1)
        self.uploads.append(file)
        if key := self.sandbox.upload(file):
            self.active.append((self.sandbox.create_run([key]), list(self.sandbox.stages)))

    def reprocess(self) -> None:
        if run_id := self.sandbox.create_replay_run():
            self.active.append((run_id, list(self.sandbox.stages)))

    def advance(self) -> None:
        """Runs the next stage of one run, sometimes with an attempt that dies before its commit."""
        if not self.active:
            return
        run_id, stages = self.active[self.choose(len(self.active))]
        self.sandbox.start(stages[0], run_id)
        if self.choose(6) == 0:
            self.sandbox.retry(stages[0], run_id)
        stages.pop(0)
        self.active = [run for run in self.active if run[1]]

    def drain(self) -> None:
        while self.active:
            self.advance()
        self.sandbox.run_replays()


actions = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(NAMES), bodies),
        st.tuples(st.just("put_reference"), snapshots),
        st.tuples(st.just("reprocess")),
        st.tuples(st.just("advance")),
        st.tuples(st.just("advance")),
        st.tuples(st.just("advance")),
    ),
    min_size=6,
    max_size=14,
)
slow = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(actions, snapshots, st.randoms(use_true_random=False))
def test_growing_reference_data_ends_where_one_computation_with_the_last_data_ends(
    steps: list[tuple[Any, ...]], first: Snapshot, chance: Any
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        play = Play(Sandbox(Path(folder)), chance.randrange)
        users, tracks = set(first[0]), set(first[1])
        play.put_reference((users, tracks))
        for name, *given_ in steps:
            if name == "put_reference":
                users, tracks = users | given_[0][0], tracks | given_[0][1]
                play.put_reference((users, tracks))
            else:
                getattr(play, name)(*given_)
        songs, people = reference((users, tracks))
        wanted = evaluate(play.uploads, [("songs.csv", songs)], [("users.csv", people)])
        # While a correction is on hold, what it is to replace is not reprocessed.
        assume(len({line["key"] for line in wanted.lines["files"]}) == len(wanted.lines["files"]))
        play.drain()
        assert compare(wanted.lines, play.sandbox.exported()) == []
        validated = {
            document["file_id"]: latest_decided_version(document) for document in documents_of(play.sandbox.store)
        }
        unknown = {file_id for file_id, entry in validated.items() if entry and has_unknown(entry["ledger"])}
        marked = {info.key[len(keys.UNKNOWN_PREFIX) :][:32] for info in play.sandbox.store.list(keys.UNKNOWN_PREFIX)}
        assert marked == unknown


def current_versions(sandbox: Sandbox) -> list[tuple[FileDocument, FileVersion]]:
    found = ((document, current_version(document)) for document in documents_of(sandbox.store))
    return [(document, entry) for document, entry in found if entry]


def accepted_counts(sandbox: Sandbox) -> dict[tuple[str, int], int]:
    """Returns (key, content) → accepted rows of the current versions."""
    return {
        (document["key"], content_version(entry)): sum(entry["dates"].values())
        for document, entry in current_versions(sandbox)
    }


def count_different_rows(sandbox: Sandbox, folder: Path) -> int:
    """Counts the rows of all current versions, equal rows once."""
    paths: list[Path] = []
    for document, entry in current_versions(sandbox):
        for date in entry["dates"]:
            paths.append(folder / f"rows-{len(paths)}.parquet")
            name = (document["file_id"], entry["version"], entry["committed_by"] or "")
            sandbox.store.download(keys.validated_key(date, *name), paths[-1])
    if not paths:
        return 0
    listed = ", ".join(f"'{path}'" for path in paths)
    identity = "[user_id, track_id, cast(listen_time as varchar), event_id]"
    with duckdb.connect() as database:
        row = database.execute(f"select count(distinct {identity}) from read_parquet([{listed}])").fetchone()
    return int(row[0]) if row else 0


requests = st.tuples(
    st.just("request"), st.sampled_from(NAMES), st.sampled_from(["request:1", "request:2"]), st.booleans()
)


@slow
@given(
    st.lists(st.one_of(actions.flatmap(st.sampled_from), requests, requests), min_size=6, max_size=14),
    st.randoms(use_true_random=False),
)
def test_repeated_replays_among_corrections_count_each_row_once_and_lose_none(
    steps: list[tuple[Any, ...]], chance: Any
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder))
        play = Play(sandbox, chance.randrange)
        play.put_reference((set(USERS), set(TRACKS[:2])))
        highest: dict[tuple[str, int], int] = {}
        for name, *given_ in steps:
            if name == "request":
                request_replay(sandbox, *given_)
            else:
                getattr(play, name)(*given_)
            assert_none_lost(sandbox, highest)
        play.drain()
        assert_none_lost(sandbox, highest)
        dates = sandbox.exported()["dates"]
        assert sum(date["counted"] + date["skipped"] for date in dates) == count_different_rows(sandbox, Path(folder))
        # Replays take names from the newest snapshot, which may have lost some. So all dates take them before.
        if dates:
            sandbox.backfill(reached_dates(date["date"] for date in dates))
        before = sandbox.exported()
        for key in NAMES:
            request_replay(sandbox, key, "request:last")
        sandbox.run_replays()
        assert sandbox.exported() == before


def request_replay(sandbox: Sandbox, key: str, cause: str, accept: bool = False) -> None:
    """Requests a replay of a file, if it was uploaded."""
    if sandbox.store.head(keys.file_key(keys.file_id(key))):
        sandbox.request_replay(key, cause, accept)


def assert_none_lost(sandbox: Sandbox, highest: dict[tuple[str, int], int]) -> None:
    """Fails if a current version has fewer accepted rows than its content had before; `highest` is updated."""
    counts = accepted_counts(sandbox)
    assert all(counts[content] >= count for content, count in highest.items() if content in counts)
    highest.update(counts)
