"""Files that name a user among others, and the export of a bucket without that user."""

from typing import Any

from oracle.builders import MODIFIED
from oracle.model import InputFile
from oracle.pipeline import Sandbox

WHO = "gone-4711"
HEADER = "user_id,track_id,listen_time,event_id\n"
D = "2018-11-15"
OTHERS = f"u,a,{D} 10:00:00,e1\nv,b,{D} 11:00:00,\n"
#: Two accepted rows, one of an unknown track, one malformed.
THEIRS = f"{WHO},a,{D} 12:00:00,e2\n{WHO},c,2018-11-17 12:00:00,\n{WHO},nope,{D} 12:00:00,\n{WHO},a\n"


def run_to_completion(sandbox: Sandbox, *files: tuple[str, str]) -> None:
    """Takes files (name, body) through all stages in one run."""
    uploaded = [sandbox.upload(InputFile(f"streams/{name}", body.encode(), MODIFIED)) for name, body in files]
    sandbox.run([key for key in uploaded if key], reference_changed=sandbox.runs == 0)


def without_user(body: str) -> str:
    return "".join(line for line in body.splitlines(True) if WHO not in line)


def empty_copy(sandbox: Sandbox, name: str) -> Sandbox:
    """Returns a sandbox with the same reference data and no files."""
    other = Sandbox(sandbox.folder / name)
    for key in ("reference/songs/songs.csv", "reference/users/users.csv"):
        other.store.put(key, sandbox.store.read(key)[0])
    return other


def export_without_user(sandbox: Sandbox, *files: tuple[str, str]) -> dict[str, Any]:
    """Returns the export that these files give without the user's rows."""
    other = empty_copy(sandbox, "without")
    run_to_completion(other, *((name, without_user(body)) for name, body in files))
    return other.exported()


def without_versions(export: dict[str, Any]) -> dict[str, Any]:
    """Returns the export with equal version numbers, because replays count versions of their own."""
    return {**export, "files": [{**line, "version": 1} for line in export["files"]]}
