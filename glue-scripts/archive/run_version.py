"""A file version as the run that is archived processed it."""

from dataclasses import dataclass

from contracts.documents import FileDocument, FileVersion

#: States in which nobody needs the raw file under streams/ any more. A person may correct one on hold or rejected.
FINISHED = ("validated", "archived", "superseded")


@dataclass(frozen=True)
class RunVersion:
    """A version of a file that belongs to the run."""

    document: FileDocument
    version: FileVersion

    @property
    def is_finished(self) -> bool:
        return self.version["state"] in FINISHED
