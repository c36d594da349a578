"""Files that name a user among others, and what a bucket would hold without that user."""

from typing import Any

from oracle.builders import MODIFIED
from oracle.model import InputFile
from oracle.pipeline import Sandbox

WHO = "gone-4711"
HEADER = "user_id,track_id,listen_time,event_id\n"
D = "2018-11-15"
OTHERS = f"u,a,{D} 10:00:00,e1\nv,b,{D} 11:00:00,\n"
#: Accepted, unknown track, malformed.
THEIRS = f"{WHO},a,{D} 12:00:00,e2\n{WHO},c,2018-11-17 12:00:00,\n{WHO},nope,{D} 12:00:00,\n{WHO},a\n"


def settle(sandbox: Sandbox, *files: tuple[str, str]) -> None:
    """Files (name, body) in one run through all stages."""
    uploaded = [sandbox.upload(InputFile(f"streams/{name}", body.encode(), MODIFIED)) for name, body in files]
    sandbox.run([key for key in uploaded if key], reference_changed=sandbox.runs == 0)


def without(sandbox: Sandbox, *files: tuple[str, str]) -> dict[str, Any]:
    """What the export would be, had the files had no such rows."""
    other = Sandbox(sandbox._folder / "without")
    for key in ("reference/songs/songs.csv", "reference/users/users.csv"):
        other.store.put(key, sandbox.store.read(key)[0])
    settle(other, *((name, "".join(line for line in body.splitlines(True) if WHO not in line)) for name, body in files))
    return other.exported()


def shown(export: dict[str, Any]) -> dict[str, Any]:
    """Reprocessing counts versions of its own."""
    return {**export, "files": [{**line, "version": 1} for line in export["files"]]}
