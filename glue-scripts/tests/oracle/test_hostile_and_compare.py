"""The generator is repeatable and reaches what it is for; the comparison sees what it should and no more."""

import copy
from collections import Counter
from pathlib import Path

from oracle import Export, evaluate
from oracle.__main__ import main
from oracle.compare import compare, load
from oracle.compare import main as compare_main
from oracle.hostile import write
from oracle.layout import read_inputs


def export_of(seed: int, folder: Path, plain: bool = False) -> Export:
    write(seed, folder, plain)
    return evaluate(*read_inputs(folder))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_seed_always_makes_the_same_directory(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(7, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_thirty_seeds_reach_every_state_reason_and_rejection(tmp_path: Path) -> None:
    states, found, rejections = Counter[str](), Counter[str](), set[str]()
    duplicates = Counter[str]()
    for seed in range(30):
        export = export_of(seed, tmp_path / str(seed), plain=seed % 4 == 3)
        for line in export.lines["files"]:
            states[line["state"]] += 1
            found.update(line["quarantined"])
            duplicates["in a file"] += line["duplicate"]
        duplicates["across files"] += sum(line["duplicate"] for line in export.lines["dates"])
        rejections |= set(export.rejections.values())
    assert set(states) == {"archived", "held", "rejected"}
    assert len(found) == 7
    assert rejections == {"empty_file", "not_text", "corrupt_file", "missing_column", "duplicate_column"}
    assert min(duplicates.values()) > 20


def test_the_command_lines_agree_with_themselves_and_see_a_change(tmp_path: Path) -> None:
    write(3, tmp_path / "in")
    for name in ("a", "b"):
        assert main([str(tmp_path / "in"), "--export", str(tmp_path / name)]) == 0
    assert compare_main([str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    dates = tmp_path / "b" / "dates.jsonl"
    dates.write_text(dates.read_text().replace('"accepted": ', '"accepted": 1'))
    assert compare_main([str(tmp_path / "a"), str(tmp_path / "b")]) == 1
    dates.unlink()
    assert compare_main([str(tmp_path / "a"), str(tmp_path / "b")]) == 1


def test_only_the_detail_of_a_missing_field_and_the_raw_text_of_text_files_are_compared(tmp_path: Path) -> None:
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


def test_the_order_of_lines_and_the_names_of_fields_matter() -> None:
    left = {"dates": [{"date": "2018-11-15", "accepted": 1}, {"date": "2018-11-16", "accepted": 1}]}
    assert compare(left, {"dates": left["dates"][::-1]}) == ["dates: the same lines in another order"]
    right = {"dates": [left["dates"][0], {"date": "2018-11-16", "accepted": True}]}
    assert compare(left, right) == ['dates: {"date": "2018-11-16"}: accepted: 1 ≠ true']
    assert compare(left, right, ("dates.accepted",)) == []
