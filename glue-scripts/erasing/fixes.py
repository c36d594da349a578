"""Mended rows of a file whose rows are about to be numbered anew."""

import json
from bisect import bisect_left
from collections.abc import Collection
from typing import Any

from erasing.contents import Content
from erasing.derived import sets_user
from erasing.person import Person
from files.forerunners import fixes_of
from publish.store import MissingObjectError, Store, encode

Fixes = dict[int, dict[str, Any]]


def fixes_in_force(store: Store, content: Content) -> Fixes:
    """Row → the values that persons set, the latest of each."""
    found: Fixes = {}
    for key in fixes_of(content.document, content.word or content.versions[-1]):
        try:
            body, _ = store.read(key)
        except MissingObjectError:
            continue
        for fix in (json.loads(line) for line in body.splitlines() if line.strip()):
            found.setdefault(int(fix["row"]), {}).update(fix["set"])
    return found


def mended_to(fixes: Fixes, person: Person) -> set[int]:
    """Rows that a person gave to the user."""
    return {row for row, values in fixes.items() if sets_user({"set": values}, person)}


def renumbered(fixes: Fixes, erased: Collection[int]) -> bytes:
    """The fixes as they are once the erased rows are gone, as an object; empty without any."""
    gone, before = set(erased), sorted(erased)
    kept = [
        {"row": row - bisect_left(before, row), "set": values}
        for row, values in sorted(fixes.items())
        if row not in gone
    ]
    return b"".join(encode(fix) + b"\n" for fix in kept)
