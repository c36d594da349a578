"""The generator is repeatable and reaches every case; the comparison finds real differences and no others."""

import copy
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from oracle import Export, InputFile, evaluate
from oracle.__main__ import main
from oracle.compare import compare, load
from oracle.compare import main as compare_main
from oracle.hostile import make, write
from oracle.layout import read_inputs
from oracle.model import EPOCH
from oracle.reference import countries, tracks
from oracle.validating import validate_file


def export_of(seed: int, folder: Path, plain: bool = False) -> Export:
    write(seed, folder, plain)
    return evaluate(*read_inputs(folder))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_seed_makes_the_same_directory_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(7, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> list[Export]:
    folder = tmp_path_factory.mktemp("thirty")
    return [export_of(seed, folder / str(seed), plain=seed % 4 == 3) for seed in range(30)]


def test_thirty_seeds_reach_every_state_reason_and_rejection(thirty: list[Export]) -> None:
    files = [line for export in thirty for line in export.lines["files"]]
    assert {line["state"] for line in files} == {"archived", "held", "rejected"}
    assert {reason for line in files for reason in line["quarantined"]} == {
        "malformed_row",
        "missing_field",
        "too_long",
        "bad_timestamp",
        "timestamp_out_of_range",
        "bad_number",
        "unknown_user",
        "unknown_track",
    }
    rejections = {reason for export in thirty for reason in export.rejections.values()}
    assert rejections == {"empty_file", "not_text", "corrupt_file", "missing_column", "duplicate_column"}


def test_thirty_seeds_have_duplicates_reused_event_ids_and_repeats_under_other_ids(thirty: list[Export]) -> None:
    found = Counter[str]()
    for seed, export in enumerate(thirty):
        found["duplicates in a file"] += sum(line["duplicate"] for line in export.lines["files"])
        found["duplicates across files"] += sum(line["duplicate"] for line in export.lines["dates"])
        found["reused event ids"] += sum(export.reused_event_ids.values())
        found["same content under other event ids"] += same_content(seed)
    assert min(found.values()) > 20, found


def same_content(seed: int) -> int:
    """Returns how many pairs of user, track and time have several event ids among the accepted rows of a seed."""
    world, uploads = make(seed)
    users, songs = countries([("users", world.users)]), tracks([("songs", world.songs)])
    ids: dict[tuple[object, ...], set[str | None]] = {}
    for upload in uploads:
        file = InputFile(upload.key, upload.body, EPOCH + timedelta(milliseconds=upload.last_modified))
        for row in validate_file(file, 1, set(users), set(songs)).accepted:
            ids.setdefault(row.identity[:3], set()).add(row.event_id)
    return sum(len(found) > 1 for found in ids.values())


def test_thirty_seeds_have_texts_of_the_allowed_length_and_longer_ones(thirty: list[Export]) -> None:
    devices = {len(line["device_type"].encode()) for export in thirty for line in export.lines["device_daily"]}
    assert max(devices) == 256
    genres = {line["genre"] for export in thirty for line in export.lines["genre_daily"]}
    countries_ = {line["country"] for export in thirty for line in export.lines["country_daily"]}
    names = {
        song["track_name"] for export in thirty for line in export.lines["genre_daily"] for song in line["top_songs"]
    }
    artists = {
        song["artists"] for export in thirty for line in export.lines["genre_daily"] for song in line["top_songs"]
    }
    for texts, longest in ((genres, 256), (countries_, 256), (names, 1024), (artists, 1024)):
        endings = {text[-1] == "…" for text in texts if len(text) == longest}
        assert endings == {True, False}


def test_two_exports_of_one_seed_are_equal_and_a_changed_one_is_not(tmp_path: Path) -> None:
    write(3, tmp_path / "in")
    for name in ("a", "b"):
        assert main([str(tmp_path / "in"), "--export", str(tmp_path / name)]) == 0
    assert compare_main([str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    dates = tmp_path / "b" / "dates.jsonl"
    dates.write_text(dates.read_text().replace('"accepted": ', '"accepted": 1'))
    assert compare_main([str(tmp_path / "a"), str(tmp_path / "b")]) == 1
    dates.unlink()
    assert compare_main([str(tmp_path / "a"), str(tmp_path / "b")]) == 1


def test_details_count_for_missing_fields_only_and_raw_text_not_for_parquet(tmp_path: Path) -> None:
    export_of(5, tmp_path)
    line = {"key": "streams/a", "reason": "bad_number", "detail": "x", "raw": "r"}
    left = {**load(tmp_path), "quarantine": [line, {**line, "key": "streams/a.parquet"}]}
    right = copy.deepcopy(left)
    right["quarantine"].reverse()
    right["quarantine"][0].update(raw="other", detail="other")
    right["quarantine"][1].update(detail="other")
    assert compare(left, right) == []
    right["quarantine"][1].update(raw="other")
    assert len(compare(left, right)) == 2


def test_the_order_of_lines_and_the_types_of_values_are_compared() -> None:
    left = {"dates": [{"date": "2018-11-15", "accepted": 1}, {"date": "2018-11-16", "accepted": 1}]}
    assert compare(left, {"dates": left["dates"][::-1]}) == ["dates: the same lines in another order"]
    right = {"dates": [left["dates"][0], {"date": "2018-11-16", "accepted": True}]}
    assert compare(left, right) == ['dates: {"date": "2018-11-16"}: accepted: 1 ≠ true']
    assert compare(left, right, ("dates.accepted",)) == []
