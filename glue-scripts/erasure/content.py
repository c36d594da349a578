"""The contents of a file: what arrived under its key, one after the other, and the versions with each content."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.current_version import archived_copy, content_version, current_version, latest_version
from contracts.documents import FileDocument, FileVersion
from contracts.file_states import ARCHIVABLE, UNFINISHED


@dataclass(frozen=True)
class Content:
    """One content of a file. `versions` are the versions with this content, oldest first."""

    document: FileDocument
    versions: list[FileVersion]

    @property
    def number(self) -> int:
        return content_version(self.versions[-1])

    @property
    def archived_to(self) -> str | None:
        return archived_copy(self.document, self.versions[-1])

    @property
    def version_ids(self) -> set[str]:
        """The S3 versions under streams/ that have these bytes."""
        return {found for entry in self.versions for found in (entry["version_id"], *entry["repeats"])}

    @property
    def live_version(self) -> FileVersion | None:
        """The current version, or the latest one if it is on hold; None if neither has this content."""
        current, latest = current_version(self.document), latest_version(self.document)
        if current is not None and content_version(current) == self.number:
            return current
        on_hold = latest is not None and latest["state"] == "held" and content_version(latest) == self.number
        return latest if on_hold else None

    @property
    def unfinished_version(self) -> FileVersion | None:
        """A version whose bytes a run still needs."""
        needing = UNFINISHED | ARCHIVABLE if self.archived_to is None else UNFINISHED
        return next((entry for entry in self.versions if entry["state"] in needing), None)


def contents_of(document: FileDocument) -> list[Content]:
    """Returns all contents of a file, oldest first."""
    numbers = dict.fromkeys(content_version(entry) for entry in document["versions"])
    return [
        Content(document, [entry for entry in document["versions"] if content_version(entry) == number])
        for number in numbers
    ]


def content_with(document: FileDocument, version: int) -> Content | None:
    """Returns the content of a version."""
    found = (content for content in contents_of(document) if any(v["version"] == version for v in content.versions))
    return next(found, None)


class ContentIndex:
    """Finds the content that the bytes of an object are."""

    def __init__(self, documents: Iterable[FileDocument]) -> None:
        self.documents = {document["file_id"]: document for document in documents}
        self._archived: dict[str, Content] = {}
        self._arrived: dict[tuple[str, str], Content] = {}
        for content in self._contents():
            if content.archived_to:
                self._archived[content.archived_to] = content
            for version_id in content.version_ids:
                self._arrived[content.document["key"], version_id] = content

    def _contents(self) -> Iterator[Content]:
        for document in self.documents.values():
            yield from contents_of(document)

    def find(self, key: str, version_id: str) -> Content | None:
        return self._archived.get(key) or self._arrived.get((key, version_id))
