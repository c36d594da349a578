"""The versions of a file that an erasure makes obsolete, and the one to reprocess next."""

from collections.abc import Iterable

from contracts.current_version import content_version, current_version, latest_version
from contracts.documents import ErasedFile, FileDocument, FileVersion
from contracts.replay_cause import erasure_cause
from erasure.content import content_with


class BlockedError(Exception):
    """A phase cannot start. The message says what blocks it and what to do."""


def validated_before(document: FileDocument, line: ErasedFile) -> list[FileVersion]:
    """Returns the versions that had the content while it had the user's rows."""
    content = content_with(document, line["version"])
    return [entry for entry in content.versions if entry["version"] <= line["version"]] if content else []


def obsolete_versions(document: FileDocument, line: ErasedFile) -> list[FileVersion]:
    """Returns those versions and the ones they had replaced: none of them counts after the replay."""
    current, before = current_version(document), validated_before(document, line)
    replaced = [
        entry
        for entry in document["versions"]
        if entry["version"] <= line["version"] and current and content_version(entry) != content_version(current)
    ]
    return [entry for entry in document["versions"] if entry in before or entry in replaced]


def next_to_reprocess(
    document: FileDocument, lines: Iterable[ErasedFile], erasure_id: str
) -> tuple[FileVersion, ErasedFile] | None:
    """Returns the live version that was validated with the user's rows, and its line of the plan.

    A file may have two: the current version and one on hold above it. The current one comes first and the other in the
    next round, because a file has one version in progress at a time. The erasure's own replays are no newer versions.
    """
    cause = erasure_cause(erasure_id)
    own = [entry for entry in document["versions"] if entry["replay"] and entry["replay"]["cause"] == cause]
    by_others = [entry for entry in document["versions"] if entry not in own]
    done = {content_version(entry) for entry in own}
    latest = latest_version({**document, "versions": by_others})
    is_open = latest is not None and latest["state"] == "held" and content_version(latest) not in done
    before = [(entry, line) for line in lines for entry in validated_before(document, line)]
    for wanted in (current_version(document), latest if is_open else None):
        found = next(((entry, line) for entry, line in before if entry is wanted), None)
        if found is not None:
            return found
    return None


def check_reprocessed(documents: dict[str, FileDocument], lines: Iterable[ErasedFile], erasure_id: str) -> None:
    """Raises BlockedError if a file still has results of the user's rows."""
    for line in lines:
        document = documents.get(line["file_id"])
        found = next_to_reprocess(document, [line], erasure_id) if document else None
        if found is not None:
            raise BlockedError(
                f"{line['key']} version {found[0]['version']} was not reprocessed yet; wait for its replay"
                ", or run rewrite again."
            )
