"""Reads a directory of inputs (songs.csv, users.csv, streams/*, perhaps uploads.json) and writes an export.

uploads.json lists every upload in order, older versions of a key included:
`[{"key": "streams/a.csv", "path": "streams/a.csv", "last_modified": "2018-11-16T12:00:00Z"}, …]`.
Without it every file below streams/ is one upload, last modified now.
"""

import json
from datetime import datetime, timezone
from pathlib import Path

from oracle.model import Export, InputFile

References = list[tuple[str, bytes]]


def read_inputs(folder: Path, now: datetime | None = None) -> tuple[list[InputFile], References, References]:
    """Returns the files, songs and users of a directory."""
    songs = [("reference/songs/songs.csv", (folder / "songs.csv").read_bytes())]
    users = [("reference/users/users.csv", (folder / "users.csv").read_bytes())]
    return uploads(folder, now or datetime.now(timezone.utc)), songs, users


def uploads(folder: Path, now: datetime) -> list[InputFile]:
    """Returns the stream files in the order of their uploads."""
    listed = folder / "uploads.json"
    if listed.exists():
        entries = json.loads(listed.read_text(encoding="utf-8"))
        return [
            InputFile(
                entry["key"],
                (folder / entry["path"]).read_bytes(),
                datetime.fromisoformat(entry["last_modified"].replace("Z", "+00:00")),
                number,
            )
            for number, entry in enumerate(entries, start=1)
        ]
    paths = sorted(path for path in (folder / "streams").rglob("*") if path.is_file())
    return [InputFile(path.relative_to(folder).as_posix(), path.read_bytes(), now) for path in paths]


def write_export(export: Export, folder: Path) -> None:
    """Writes one `.jsonl` file per metric and ledger, with one object per line."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in export.lines.items():
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_bytes(text.encode("utf-8", "backslashreplace"))
