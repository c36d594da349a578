"""The versions of files that packages/contracts/cases/current-version.json describes."""

import json
from pathlib import Path
from typing import Any, cast

from contracts.documents import FileDocument, FileVersion

ROOT = Path(__file__).parents[3]
CASES: list[dict[str, Any]] = json.loads((ROOT / "packages/contracts/cases/current-version.json").read_text("utf-8"))


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
