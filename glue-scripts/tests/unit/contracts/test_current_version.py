"""Which version of a file counts, by the cases that packages/contracts checks in TypeScript too."""

import json
from pathlib import Path
from typing import Any, cast

import pytest

from contracts.current_version import (
    archived_copy,
    by_content,
    current_version,
    is_superseded,
    latest_decided_version,
    latest_version,
    replaced_dates,
)
from contracts.documents import FileDocument, FileVersion

ROOT = Path(__file__).parents[4]
CASES: list[dict[str, Any]] = json.loads((ROOT / "packages/contracts/cases/current-version.json").read_text())


def versions_of(entries: list[dict[str, Any]]) -> list[FileVersion]:
    """Builds the versions of a case; a replay has the content of the version that it reprocesses."""
    contents: list[int] = []
    for entry in entries:
        of = entry.get("of")
        contents.append(contents[of - 1] if of else entry.get("content", len(contents) + 1))
    return [
        cast(
            FileVersion,
            {
                "archived_to": None,
                "dates": {},
                **entry,
                "version": number,
                "content_version": content,
                "replay": {"of": entry["of"]} if "of" in entry else None,
                "reason": {"code": entry["reason"], "detail": ""} if "reason" in entry else None,
            },
        )
        for number, (entry, content) in enumerate(zip(entries, contents, strict=True), start=1)
    ]


def file_of(*entries: dict[str, Any]) -> FileDocument:
    versions = versions_of([*entries])
    return {"schema_version": 1, "file_id": "0" * 32, "key": "streams/a.csv", "versions": versions}


def number(entry: FileVersion | None) -> int | None:
    return entry["version"] if entry else None


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_shared_cases_name_the_same_versions_as_in_typescript(case: dict[str, Any]) -> None:
    file = file_of(*case["versions"])
    found = [number(find(file)) for find in (current_version, latest_version, latest_decided_version)]
    assert found == [case["current"], case["latest"], case["decided"]]


def test_versions_are_ordered_by_content_then_by_number() -> None:
    file = file_of({"state": "archived"}, {"state": "held"}, {"state": "archived", "of": 1}, {"state": "pending"})
    assert [entry["version"] for entry in sorted(file["versions"], key=by_content)] == [1, 3, 2, 4]


def test_a_version_replaces_the_dates_of_all_earlier_versions_that_counted() -> None:
    file = file_of(
        {"state": "archived", "dates": {"2018-11-15": 1}},
        {"state": "held", "dates": {}},
        {"state": "archived", "of": 1, "dates": {"2018-11-16": 1}},
        {"state": "running", "of": 2},
    )
    assert replaced_dates(file, file["versions"][3]) == {"2018-11-15", "2018-11-16"}
    assert replaced_dates(file, file["versions"][2]) == {"2018-11-15"}


def test_a_version_is_superseded_once_a_later_one_counts() -> None:
    file = file_of({"state": "running"}, {"state": "held"}, {"state": "validated"})
    assert [is_superseded(file, entry) for entry in file["versions"]] == [True, True, False]


def test_the_archived_copy_of_a_content_is_found_by_every_version_of_it() -> None:
    archived = {"state": "archived", "archived_to": "archived/raw"}
    file = file_of(archived, {"state": "running", "of": 1}, {"state": "pending"})
    assert [archived_copy(file, entry) for entry in file["versions"]] == ["archived/raw", "archived/raw", None]
