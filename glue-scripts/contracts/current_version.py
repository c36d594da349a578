"""Which version of a file counts: the counterpart of packages/contracts/src/current-version.ts.

The cases in packages/contracts/cases/ hold the two together.
"""

from contracts.documents import FileDocument, FileVersion
from contracts.file_states import COUNTING

#: The reason code of a file on hold that a person rejected.
REJECTED_MANUALLY = "rejected_manually"


def version_of(document: FileDocument, version: int) -> FileVersion | None:
    """Returns the version's entry, None if the document does not have it."""
    return next((entry for entry in document["versions"] if entry["version"] == version), None)


def content_version(entry: FileVersion) -> int:
    """Returns which content of its key a version is."""
    return entry["content_version"] or entry["version"]


def by_content(entry: FileVersion) -> tuple[int, int]:
    """Returns the key that orders versions by their content, then by their number.

    The number alone is not enough: an erasure reprocesses older content below a correction that is on hold.
    """
    return content_version(entry), entry["version"]


def counts(entry: FileVersion) -> bool:
    """Returns whether the rows of a version count, as long as no later version counts."""
    return entry["state"] in COUNTING


def versions_of_content(document: FileDocument, entry: FileVersion) -> list[FileVersion]:
    """Returns all versions with the content of `entry`, oldest first."""
    return [other for other in document["versions"] if content_version(other) == content_version(entry)]


def is_void_replay(document: FileDocument, entry: FileVersion) -> bool:
    """Returns whether a version is a replay that changed nothing: rejected, or on hold although its content counts."""
    if entry["replay"] is None:
        return False
    if entry["state"] == "rejected":
        return entry["reason"] is None or entry["reason"]["code"] != REJECTED_MANUALLY
    return entry["state"] == "held" and any(map(counts, versions_of_content(document, entry)))


def current_version(document: FileDocument) -> FileVersion | None:
    """Returns the version whose rows count."""
    return max(filter(counts, document["versions"]), key=by_content, default=None)


def latest_version(document: FileDocument) -> FileVersion | None:
    """Returns the latest version of the latest content, without void replays."""
    entries = (entry for entry in document["versions"] if not is_void_replay(document, entry))
    return max(entries, key=by_content, default=None)


def archived_copy(document: FileDocument, entry: FileVersion) -> str | None:
    """Returns the archive key of the content of `entry`, whichever version of that content was archived last."""
    same = reversed(versions_of_content(document, entry))
    return next((other["archived_to"] for other in same if other["archived_to"]), None)
