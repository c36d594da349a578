"""From files to the export: versions, which copy stands across files, ledgers, metrics."""

from typing import Any

from oracle.ledgers import date_lines, file_lines, quarantine_lines
from oracle.metrics import metric_lines
from oracle.model import Accepted, Export, InputFile, Track, Validated, utf8
from oracle.reference import countries, tracks
from oracle.validating import validate_file


def versions_of(files: list[InputFile]) -> dict[str, list[InputFile]]:
    """Key → its uploads in order, without those that repeat the content before them."""
    found: dict[str, list[InputFile]] = {}
    for file in sorted(files, key=lambda file: (utf8(file.key), file.version)):
        kept = found.setdefault(file.key, [])
        if not kept or kept[-1].body != file.body:
            kept.append(file)
    return found


def standing(validated: list[Validated]) -> Validated | None:
    """The newest version that is neither held nor rejected."""
    return next((version for version in reversed(validated) if version.state == "archived"), None)


def shown(validated: list[Validated]) -> list[Validated]:
    """The versions that get a line in files.jsonl: the standing one, and the newest where it is held or rejected."""
    stands = standing(validated)
    newest = validated[-1]
    return [version for version in (stands, newest) if version is not None][: 1 if stands is newest else 2]


def effective_rows(files: list[Validated]) -> list[Accepted]:
    """Of the copies of a row in several files, the one in the file whose key sorts first."""
    rows: dict[tuple[object, ...], Accepted] = {}
    for file in sorted(files, key=lambda file: utf8(file.key)):
        for row in file.accepted:
            rows.setdefault(row.identity, row)
    return list(rows.values())


def evaluate(files: list[InputFile], songs: list[tuple[str, bytes]], users: list[tuple[str, bytes]]) -> Export:
    """Everything that `music-etl run` exports for these inputs."""
    known_tracks: dict[str, Track] = tracks(songs)
    country_of = countries(users)
    validated = [
        [
            validate_file(file, number, set(country_of), set(known_tracks))
            for number, file in enumerate(uploads, start=1)
        ]
        for uploads in versions_of(files).values()
    ]
    lines = [version for versions in validated for version in shown(versions)]
    stand = [version for versions in validated if (version := standing(versions)) is not None]
    rows = effective_rows(stand)
    export: dict[str, list[dict[str, Any]]] = metric_lines(rows, known_tracks, country_of)
    export["files"] = file_lines(lines)
    export["dates"] = date_lines(stand, rows)
    export["quarantine"] = quarantine_lines(lines)
    rejections = {(version.key, version.version): version.rejected for version in lines if version.rejected}
    return Export(export, rejections)
