"""The keys of the jobs, by the cases that packages/contracts checks in TypeScript too."""

import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from contracts import keys

ROOT = Path(__file__).parents[4]
CASES: list[dict[str, Any]] = json.loads((ROOT / "packages/contracts/cases/keys.json").read_text(encoding="utf-8"))
OURS = [case for case in CASES if hasattr(keys, case["name"])]


def test_every_key_has_a_case() -> None:
    functions = {
        name for name, found in inspect.getmembers(keys, inspect.isfunction) if found.__module__ == "contracts.keys"
    }
    own = functions | {name for name in vars(keys) if name.isupper() and not name.startswith("_")}
    assert own - {case["name"] for case in CASES} == set()


@pytest.mark.parametrize("case", OURS, ids=lambda case: f"{case['name']} {case.get('arguments', '')}")
def test_a_key_is_the_same_as_in_typescript(case: dict[str, Any]) -> None:
    found = getattr(keys, case["name"])
    result = found(*case["arguments"]) if "arguments" in case else found
    assert ([*result] if isinstance(result, tuple) else result) == case["expected"]


def test_a_parsed_key_has_what_it_was_built_from() -> None:
    file_id, run = keys.file_id("streams/a.csv"), "20181116T120000000-0123abcd"
    named = keys.VersionObject(file_id, 12, f"{run}-3")
    rows = keys.validated_key("2018-11-15", *named)
    objects = [rows, keys.archived_rows_key(run, rows), keys.quarantine_key(*named), keys.prepared_key(run, *named)]
    assert [keys.version_object(key) for key in objects] == [named] * 4
    assert [keys.is_prepared(key) for key in objects] == [False, False, False, True]
    assert keys.run_of_commit(named.commit) == run
    assert keys.name_in_archive(keys.archived_rows_key(run, rows)) == rows
    assert keys.generation_of_kpi(keys.kpi_key("genre_daily", "2018-11-15", 12, named.commit)) == 12
    assert keys.generation_of_changes(keys.changes_key("2018-11-15", 12)) == 12
    assert [keys.file_id_of_marker(key) for key in (keys.waiting_key(file_id), keys.unknown_key(file_id))] == [
        file_id,
        file_id,
    ]
