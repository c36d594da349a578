"""Spreads work on this machine: files in threads, partitions by user one after the other, so that memory has a bound.

Another engine offers the same two functions. Neither the jobs nor the SQL depend on which one it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from storage.store import in_parallel

File = TypeVar("File")
Result = TypeVar("Result")


@dataclass(frozen=True)
class UserPartition:
    """One of `of` disjoint sets of users. A user's rows of a date are all in one partition."""

    number: int
    of: int

    @property
    def condition(self) -> str:
        """The SQL condition on `user_id` that selects the partition's rows."""
        return "true" if self.of == 1 else f"hash(user_id) % {self.of} = {self.number}"


def over_files(work: Callable[[File], Result], files: Sequence[File], at_once: int) -> list[Result]:
    """Calls `work` on every file, up to `at_once` at the same time. Returns the results in the order of the files."""
    return in_parallel(work, files, at_once)


def over_users(work: Callable[[UserPartition], None], partitions: int) -> None:
    """Calls `work` on every partition by user."""
    for number in range(partitions):
        work(UserPartition(number, partitions))
