"""A file version as the run that is archived processed it."""

from dataclasses import dataclass

from contracts.documents import FileDocument, FileVersion
from contracts.file_states import ARCHIVABLE


@dataclass(frozen=True)
class RunVersion:
    """A version of a file that belongs to the run."""

    document: FileDocument
    version: FileVersion

    @property
    def is_finished(self) -> bool:
        """Returns whether the raw file may be moved into the archive."""
        return self.version["state"] in ARCHIVABLE
