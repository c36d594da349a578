"""Row patches of a file whose rows get new numbers."""

import json
from bisect import bisect_left
from collections.abc import Collection
from typing import Any

from erasure.content import Content
from erasure.person import Person
from erasure.strip import sets_user
from storage.store import MissingObjectError, Store, encode
from validation.predecessors import patches_of

#: Row → the values that people set.
Patches = dict[int, dict[str, Any]]


def active_patches(store: Store, content: Content) -> Patches:
    """Returns the patches that apply to the content; the latest value of a row and column wins."""
    found: Patches = {}
    for key in patches_of(content.document, content.live_version or content.versions[-1]):
        try:
            body, _ = store.read(key)
        except MissingObjectError:
            continue
        for patch in (json.loads(line) for line in body.splitlines() if line.strip()):
            found.setdefault(int(patch["row"]), {}).update(patch["set"])
    return found


def patched_to(patches: Patches, person: Person) -> set[int]:
    """Returns the rows whose user a patch set to the person."""
    return {row for row, values in patches.items() if sets_user({"set": values}, person)}


def renumbered(patches: Patches, erased: Collection[int]) -> bytes:
    """Returns the object of the patches with the row numbers after the erasure; empty if there are none."""
    gone, before = set(erased), sorted(erased)
    kept = [
        {"row": row - bisect_left(before, row), "set": values}
        for row, values in sorted(patches.items())
        if row not in gone
    ]
    return b"".join(encode(patch) + b"\n" for patch in kept)
