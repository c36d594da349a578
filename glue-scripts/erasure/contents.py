"""A file's contents: what arrived under its key, one after the other, and the versions that validated each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.documents import CURRENT_STATES, FileDocument, FileVersion, current_version
from validation.predecessors import content_of, replay_of, resting_place

#: States in which a run has a version in hand, or will.
IN_HAND = ("pending", "running", "waiting")


@dataclass(frozen=True)
class Content:
    """One content of a file; `versions` validate it, oldest first."""

    document: FileDocument
    versions: list[FileVersion]

    @property
    def number(self) -> int:
        return content_of(self.versions[-1])

    @property
    def archived_to(self) -> str | None:
        return resting_place(self.document, self.versions[-1])

    @property
    def version_ids(self) -> set[str]:
        """Of the objects under streams/ that have these bytes."""
        return {found for entry in self.versions for found in (entry["version_id"], *entry["repeats"])}

    @property
    def word(self) -> FileVersion | None:
        """The version to reprocess: through which the file's rows stand, or which is its newest word and held."""
        standing, newest = current_version(self.document), newest_word(self.document)
        if standing is not None and content_of(standing) == self.number:
            return standing
        held = newest is not None and newest["state"] == "held" and content_of(newest) == self.number
        return newest if held else None

    @property
    def nonTerminal(self) -> FileVersion | None:
        """A version that a run still needs the bytes of."""
        needing = (*IN_HAND, *(("superseded", *CURRENT_STATES) if self.archived_to is None else ()))
        return next((entry for entry in self.versions if entry["state"] in needing), None)


def contents_of(document: FileDocument) -> list[Content]:
    """All contents of a file, oldest first."""
    numbers = dict.fromkeys(content_of(entry) for entry in document["versions"])
    return [
        Content(document, [entry for entry in document["versions"] if content_of(entry) == number])
        for number in numbers
    ]


def content_with(document: FileDocument, version: int) -> Content | None:
    """The content that a version validates."""
    found = (content for content in contents_of(document) if any(v["version"] == version for v in content.versions))
    return next(found, None)


def newest_word(document: FileDocument) -> FileVersion | None:
    """The last validation of the newest content (services/ingest, domain/newest.ts); a rejected replay said nothing."""
    said = [entry for entry in document["versions"] if entry["state"] != "rejected" or replay_of(entry) is None]
    return max(said, key=lambda entry: (content_of(entry), entry["version"]), default=None)


class Places:
    """Which content an object's bytes are."""

    def __init__(self, documents: Iterable[FileDocument]) -> None:
        self.documents = {document["file_id"]: document for document in documents}
        self._archived: dict[str, Content] = {}
        self._arrived: dict[tuple[str, str], Content] = {}
        for content in self._each():
            if content.archived_to:
                self._archived[content.archived_to] = content
            for version_id in content.version_ids:
                self._arrived[content.document["key"], version_id] = content

    def _each(self) -> Iterator[Content]:
        for document in self.documents.values():
            yield from contents_of(document)

    def content_of(self, key: str, version_id: str) -> Content | None:
        return self._archived.get(key) or self._arrived.get((key, version_id))
