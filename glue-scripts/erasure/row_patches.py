"""Patched rows of a file whose rows are about to be numbered anew."""

import json
from bisect import bisect_left
from collections.abc import Collection
from typing import Any

from erasure.contents import Content
from erasure.derived import sets_user
from erasure.person import Person
from storage.store import MissingObjectError, Store, encode
from validation.predecessors import patches_of

Patches = dict[int, dict[str, Any]]


def patches_in_force(store: Store, content: Content) -> Patches:
    """Row → the values that persons set, the latest of each."""
    found: Patches = {}
    for key in patches_of(content.document, content.word or content.versions[-1]):
        try:
            body, _ = store.read(key)
        except MissingObjectError:
            continue
        for patch in (json.loads(line) for line in body.splitlines() if line.strip()):
            found.setdefault(int(patch["row"]), {}).update(patch["set"])
    return found


def patched_to(patches: Patches, person: Person) -> set[int]:
    """Rows that a person gave to the user."""
    return {row for row, values in patches.items() if sets_user({"set": values}, person)}


def renumbered(patches: Patches, erased: Collection[int]) -> bytes:
    """The patches as they are once the erased rows are gone, as an object; empty without any."""
    gone, before = set(erased), sorted(erased)
    kept = [
        {"row": row - bisect_left(before, row), "set": values}
        for row, values in sorted(patches.items())
        if row not in gone
    ]
    return b"".join(encode(patch) + b"\n" for patch in kept)
