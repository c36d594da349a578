"""Which version of a file counts, by the cases that packages/contracts checks in TypeScript too."""

from typing import Any

import pytest
from support.version_cases import CASES, file_of, number

from contracts.current_version import archived_copy, by_content, current_version, is_void_replay, latest_version


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_shared_cases_name_the_same_versions_as_in_typescript(case: dict[str, Any]) -> None:
    file = file_of(*case["versions"])
    assert [number(find(file)) for find in (current_version, latest_version)] == [case["current"], case["latest"]]
    void = [entry["version"] for entry in file["versions"] if is_void_replay(file, entry)]
    assert void == case["void_replays"]


def test_versions_are_ordered_by_content_then_by_number() -> None:
    file = file_of({"state": "archived"}, {"state": "held"}, {"state": "archived", "of": 1}, {"state": "pending"})
    assert [entry["version"] for entry in sorted(file["versions"], key=by_content)] == [1, 3, 2, 4]


def test_the_archived_copy_of_a_content_is_found_by_every_version_of_it() -> None:
    archived = {"state": "archived", "archived_to": "archived/raw"}
    file = file_of(archived, {"state": "running", "of": 1}, {"state": "pending"})
    assert [archived_copy(file, entry) for entry in file["versions"]] == ["archived/raw", "archived/raw", None]
