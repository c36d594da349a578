"""Which version of a file was decided last, and which ones a version replaces.

Only the jobs validate, so these rules have no counterpart in TypeScript.
"""

from contracts.current_version import by_content, counts, latest_version
from contracts.documents import FileDocument, FileVersion


def latest_decided_version(document: FileDocument) -> FileVersion | None:
    """Returns the latest version that counts or is on hold, without void replays."""
    decided = [entry for entry in document["versions"] if counts(entry) or entry["state"] == "held"]
    return latest_version({**document, "versions": decided})


def replaced_dates(document: FileDocument, entry: FileVersion) -> set[str]:
    """Returns the dates of the versions that counted before `entry`: its rows replace theirs."""
    replaced = [other for other in document["versions"] if counts(other) and by_content(other) < by_content(entry)]
    return {date for other in replaced for date in other["dates"]}


def is_superseded(document: FileDocument, entry: FileVersion) -> bool:
    """Returns whether a later version counts already."""
    return any(counts(other) and by_content(other) > by_content(entry) for other in document["versions"])
