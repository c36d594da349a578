"""Groups of rows, and the counts that many metrics have."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from oracle.model import MINUTE, Accepted

Group = TypeVar("Group", bound=Hashable)


def grouped(rows: Iterable[Accepted], by: Callable[[Accepted], Group]) -> dict[Group, list[Accepted]]:
    """Groups rows by the value of `by`."""
    groups: dict[Group, list[Accepted]] = defaultdict(list)
    for row in rows:
        groups[by(row)].append(row)
    return groups


def listens_of(rows: list[Accepted]) -> list[Accepted]:
    return [row for row in rows if row.is_listen]


def heard_by(rows: list[Accepted]) -> int:
    """Returns the number of different users."""
    return len({row.user_id for row in rows})


def counts_of(listens: list[Accepted]) -> dict[str, int]:
    return {"listen_count": len(listens), "unique_listeners": heard_by(listens)}


def session_lengths(listens: list[Accepted], time_of: Callable[[list[Accepted]], int]) -> list[int]:
    """Returns the lengths of one user's sessions on a date. Of listens that start together, the longest ends it."""
    ordered = sorted(listens, key=lambda row: (row.time, time_of([row])))
    sessions: list[list[Accepted]] = []
    for row in ordered:
        if sessions and row.time - sessions[-1][-1].time <= 30 * MINUTE:
            sessions[-1].append(row)
        else:
            sessions.append([row])
    return [found[-1].time - found[0].time + time_of([found[-1]]) for found in sessions]
