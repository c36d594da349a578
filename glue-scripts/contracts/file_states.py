"""Sets of file states, from packages/contracts/src/file-states.ts."""

from contracts.documents import FileState
from contracts.generated_data import generated_data


def _states(name: str) -> frozenset[FileState]:
    return frozenset(generated_data("constants")["file_states"][name])


#: A run processes the version, or will.
UNFINISHED = _states("unfinished")
#: The rows count, as long as no later version counts.
COUNTING = _states("counting")
#: Nobody needs the raw file under streams/ any more. A person may still correct one on hold or rejected.
ARCHIVABLE = _states("archivable")
