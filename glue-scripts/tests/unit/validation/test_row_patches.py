"""Row patches: their values replace those of the file; a bad object rejects the replay and changes nothing else."""

import json
from typing import Any

import duckdb
import pytest
import zstandard
from support.schema import assert_conforms
from support.world import World

from contracts import keys
from storage.store import read_json

HEADER = "user_id,track_id,listen_time,ms_played,duration"
ROWS = [
    "u1,t1,2018-11-15 10:00:00,40000,",
    "x,t1,2018-11-15 11:00:00,1,",
    "u1,t2",
    "u2,t2,soon,,lots",
]
CSV = "\n".join([HEADER, *ROWS, ""]).encode()
QUOTED = CSV.replace(b"u1,t1,2018-11-15", b'"u1",t1,2018-11-15')


def patched(world: World, file: dict[str, Any], *patches: Any, name: str = "r1", **requested: Any) -> dict[str, Any]:
    """Returns a replay of the version with these row patches: (row, values), or a whole line."""
    lines = [
        patch if isinstance(patch, bytes) else json.dumps({"row": patch[0], "set": patch[1]}).encode()
        for patch in patches
    ]
    key = keys.patches_key(file["file_id"], file["version"], name)
    world.store.put(key, b"\n".join(lines) + b"\n")
    return world.replay(file, f"request:{name}", patches_key=key, **{"accept": True, **requested})


def validated(world: World, body: bytes) -> dict[str, Any]:
    file = world.put("a.csv", body)
    world.ingest_and_validate(file)
    return file


def parquet(world: World) -> bytes:
    path = world._temp / "rows.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    values = "('u1','t1','2018-11-15 10:00:00'),('x','t1','2018-11-15 11:00:00'),(null,null,null),('u2','t2','soon')"
    with duckdb.connect() as database:
        database.execute(
            f"copy (select col0 as user_id, col1 as track_id, col2 as listen_time from (values {values}))"
            f" to '{path}' (format parquet)"
        )
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["lines", "records", "json", "zstd", "parquet"])
def test_patched_values_replace_those_of_their_rows_in_each_kind_of_file(known: World, kind: str) -> None:
    objects = [
        {"user_id": "u1", "track_id": "t1", "listen_time": "2018-11-15 10:00:00"},
        {"user_id": "x", "track_id": "t1", "listen_time": "2018-11-15 11:00:00"},
        {"user_id": []},
        {"user_id": "u2", "track_id": "t2", "listen_time": "soon"},
    ]
    bodies = {
        "lines": CSV,
        "records": QUOTED,
        "json": "\n".join(map(json.dumps, objects)).encode(),
        "zstd": zstandard.compress(CSV),
        "parquet": parquet(known),
    }
    file = validated(known, bodies[kind])
    whole = {"user_id": "u2", "track_id": "t2", "listen_time": 1542276000, "duration": 33.5}
    again = patched(
        known,
        file,
        (4, {"listen_time": "2018-11-16T00:00:00Z", "duration": None}),
        (3, whole),
        (2, {"user_id": " u2 "}),
    )
    known.ingest_and_validate(again)
    assert known.entry(again)["ledger"] == {"read": 4, "accepted": 4, "quarantined": {}, "duplicate": 0}
    found = known.accepted(again, "user_id, track_id, strftime(listen_time, '%H:%M'), ms_played")
    assert [row[:3] for row in found["2018-11-15"]] == [
        ("u1", "t1", "10:00"),
        ("u2", "t1", "11:00"),
        ("u2", "t2", "10:00"),
    ]
    assert found["2018-11-15"][2] == ("u2", "t2", "10:00", 33_500)
    assert found["2018-11-16"] == [("u2", "t2", "00:00", None)]


def test_a_patched_row_that_is_quarantined_again_keeps_its_raw_text_and_names_the_patched_value(known: World) -> None:
    again = patched(known, validated(known, CSV), (2, {"user_id": "y"}), (3, {"user_id": "u1"}))
    (entry,) = known.ingest_and_validate(again)["files"]
    assert [(line["row"], line["reason"], line["detail"], line["raw"]) for line in known.quarantine(entry)] == [
        (2, "unknown_user", "user_id: y", ROWS[1]),
        (3, "missing_field", "track_id", ROWS[2]),
        (4, "bad_timestamp", "listen_time: soon", ROWS[3]),
    ]


def test_a_patched_row_that_equals_another_row_is_a_duplicate(known: World) -> None:
    again = patched(known, validated(known, CSV), (2, {"user_id": "u1", "listen_time": "2018-11-15 10:00:00"}))
    known.ingest_and_validate(again)
    assert known.entry(again)["ledger"] == {**known.entry(again)["ledger"], "accepted": 1, "duplicate": 1}


def test_later_replays_keep_the_patches_and_a_later_value_counts(known: World) -> None:
    first = patched(known, validated(known, CSV), (2, {"user_id": "u2"}), (4, {"listen_time": "2018-11-15 12:00:00"}))
    known.ingest_and_validate(first)
    second = patched(known, first, (4, {"listen_time": "2018-11-15 13:00:00", "duration": ""}), name="r2")
    known.ingest_and_validate(second)
    third = known.replay(second, "snapshot:x", accept=True)
    known.ingest_and_validate(third)
    for version, wanted in ((first, 2), (second, 3), (third, 3)):
        assert known.entry(version)["ledger"]["accepted"] == wanted
    assert known.accepted(third, "strftime(listen_time, '%H:%M')")["2018-11-15"] == [("10:00",), ("11:00",), ("13:00",)]


def test_the_replay_of_an_erasure_has_no_older_patches(known: World) -> None:
    first = patched(known, validated(known, CSV), (2, {"user_id": "u2"}))
    known.ingest_and_validate(first)
    erased = known.replay(first, "erasure:20181201T120000000-0123abcd", accept=True)
    known.ingest_and_validate(erased)
    assert known.entry(erased)["ledger"]["accepted"] == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"row": 9, "set": {"user_id": "u1"}}', "row 9 does not exist, the file has 4 rows"),
        (b'{"row": 0, "set": {"user_id": "u1"}}', "row 0 does not exist"),
        (b'{"row": -1, "set": {"user_id": "u1"}}', "row '-1' is no row number"),
        (b'{"row": 1.5, "set": {"user_id": "u1"}}', "row '1.5' is no row number"),
        (b'{"row": true, "set": {"user_id": "u1"}}', "row 'True' is no row number"),
        (b'{"row": 2, "set": {"user": "u1"}}', "there is no column 'user', only user_id, track_id"),
        (b'{"row": 2, "set": {"song_id": "t1"}}', "there is no column 'song_id'"),
        (b'{"row": 2, "set": {"user_id": ["u1"]}}', "the value of user_id is no text"),
        (b'{"row": 2, "set": {"user_id": "u\\u0000"}}', "the value of user_id is no text"),
        (b'{"row": 2, "set": {"user_id": "\\ud800"}}', "the value of user_id is no text"),
        (b'{"row": 2}', "expected"),
        (b"[2]", "expected"),
        (b"row 2: u1", "not JSON"),
        (b'{"row": 2, "set": {"user_id": "\xff"}}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b" " * (1 << 20) + b"{}", "longer than 1048576 bytes"),
    ],
)
def test_a_bad_line_rejects_the_replay_and_nothing_else(known: World, line: bytes, said: str) -> None:
    file = validated(known, CSV)
    known.set(file, state="validated", dates={"2018-11-15": 1})
    before = known.entry(file)
    again = patched(known, file, (1, {"user_id": "u2"}), b"", line)
    other = known.put("other.csv", b"user_id,track_id,listen_time\nu1,t1,2018-11-15 10:00:00\n")
    result = known.ingest_and_validate(again, other)
    assert_conforms(result, "ValidateResult")
    assert [replayed["outcome"] for replayed in result["files"]] == ["skipped", "validated"]
    entry = known.entry(again)
    assert_conforms(read_json(known.store, keys.file_key(file["file_id"])), "FileDocument")
    assert (entry["state"], entry["reason"]["code"]) == ("rejected", "bad_patches")
    assert entry["reason"]["detail"].startswith(f"line 3 of {again['replay']['patches_key']}: ")
    assert said in entry["reason"]["detail"]
    assert known.entry(file) == before
    assert known.entry(other)["state"] == "validated"


def test_an_object_that_patches_a_row_twice_is_rejected_with_the_row(known: World) -> None:
    again = patched(
        known, validated(known, CSV), (2, {"user_id": "u2"}), (4, {"duration": "1"}), (2, {"track_id": "t2"})
    )
    known.ingest_and_validate(again)
    assert known.entry(again)["reason"]["detail"].endswith(": the object patches row 2 twice")


def test_missing_patches_reject_the_replay(known: World) -> None:
    again = patched(known, validated(known, CSV), (2, {"user_id": "u2"}))
    known.store.delete(again["replay"]["patches_key"])
    known.ingest_and_validate(again)
    assert known.entry(again)["reason"]["code"] == "bad_patches"


def test_a_later_replay_has_no_patches_of_a_rejected_one(known: World) -> None:
    rejected = patched(known, validated(known, CSV), (9, {"user_id": "u2"}))
    known.ingest_and_validate(rejected)
    again = known.replay(rejected, "request:r2", accept=True)
    known.ingest_and_validate(again)
    assert known.entry(again)["state"] == "validated"


def test_a_second_attempt_leaves_a_rejected_replay_rejected(known: World) -> None:
    again = patched(known, validated(known, CSV), (9, {"user_id": "u2"}))
    result = known.ingest_and_validate(again)
    known.store.put(again["replay"]["patches_key"], b'{"row": 2, "set": {"user_id": "u2"}}\n')
    known.store.delete(keys.result_key(result["run_id"], "validate"))
    known.validate(result["run_id"], attempt=2)
    assert known.entry(again)["state"] == "rejected"
