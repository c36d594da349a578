"""From files to the export: versions, the effective rows of all files, ledgers, metrics."""

from typing import Any

from oracle.ledgers import date_lines, file_lines, quarantine_lines
from oracle.metrics import metric_lines
from oracle.model import Accepted, Export, InputFile, Track, Validated, utf8
from oracle.reference import countries, tracks
from oracle.validating import validate_file


def versions_of(files: list[InputFile]) -> dict[str, list[InputFile]]:
    """Returns each key's uploads in order, without those that repeat the content before them."""
    found: dict[str, list[InputFile]] = {}
    for file in sorted(files, key=lambda file: (utf8(file.key), file.version)):
        kept = found.setdefault(file.key, [])
        if not kept or kept[-1].body != file.body:
            kept.append(file)
    return found


def current_version(validated: list[Validated]) -> Validated | None:
    """Returns the newest version that is neither on hold nor rejected."""
    return next((version for version in reversed(validated) if version.state == "archived"), None)


def exported_versions(validated: list[Validated]) -> list[Validated]:
    """Returns the versions with a line in files.jsonl: the current one, and the newest if it is held or rejected."""
    current, newest = current_version(validated), validated[-1]
    return [version for version in (current, newest) if version is not None][: 1 if current is newest else 2]


def effective_rows(files: list[Validated]) -> list[Accepted]:
    """Returns every row once; of the same row in several files, that of the file whose key sorts first."""
    rows: dict[tuple[object, ...], Accepted] = {}
    for file in sorted(files, key=lambda file: utf8(file.key)):
        for row in file.accepted:
            rows.setdefault(row.identity, row)
    return list(rows.values())


def evaluate(files: list[InputFile], songs: list[tuple[str, bytes]], users: list[tuple[str, bytes]]) -> Export:
    """Returns everything that `music-etl run` exports for these inputs."""
    known_tracks: dict[str, Track] = tracks(songs)
    country_of = countries(users)
    validated = [
        [
            validate_file(file, number, set(country_of), set(known_tracks))
            for number, file in enumerate(uploads, start=1)
        ]
        for uploads in versions_of(files).values()
    ]
    exported = [version for versions in validated for version in exported_versions(versions)]
    current = [version for versions in validated if (version := current_version(versions)) is not None]
    rows = effective_rows(current)
    lines: dict[str, list[dict[str, Any]]] = metric_lines(rows, known_tracks, country_of)
    lines["files"] = file_lines(exported)
    lines["dates"] = date_lines(current, rows)
    lines["quarantine"] = quarantine_lines(exported)
    return Export(
        lines,
        {(version.key, version.version): version.rejected for version in exported if version.rejected},
        {(version.key, version.version): version.reused_event_ids for version in exported if not version.rejected},
    )
