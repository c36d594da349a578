"""The `cause` of a replay: what requested it. The counterpart of packages/contracts/src/replay-cause.ts."""

from contracts.documents import Replay


def snapshot_cause(reference_version: str) -> str:
    """A newer snapshot knows users or tracks that were unknown."""
    return f"snapshot:{reference_version}"


def erasure_cause(erasure_id: str) -> str:
    """An erasure wrote the bytes of the file anew, so older row numbers mean nothing."""
    return f"erasure:{erasure_id}"


def is_erasure(replay: Replay) -> bool:
    return replay["cause"].startswith(erasure_cause(""))
