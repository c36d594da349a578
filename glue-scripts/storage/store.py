"""The object store as the jobs see it: S3's versions, ETags and conditional writes behind one small protocol.

`S3Store` (store_s3.py) and `DirectoryStore` (store_directory.py) implement it; one test suite runs on both. JSON
documents are created and changed only through `create_json` and `change_json`, so a lost race is read and decided
again, never overwritten (design.md, 4).
"""

import itertools
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Enough to hide S3's latency without starving the two cores of a worker.
PARALLEL_REQUESTS = 16


class MissingObjectError(Exception):
    """The object (or this version of it) does not exist."""

    def __init__(self, key: str, version_id: str | None = None) -> None:
        super().__init__(f"{key} does not exist" + (f" in version {version_id}" if version_id else ""))
        self.key = key
        self.version_id = version_id


class LostRaceError(Exception):
    """A conditional write found the object created or changed meanwhile (S3: 412 or 409)."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} was written by someone else meanwhile")
        self.key = key


@dataclass(frozen=True)
class ObjectInfo:
    """One version of one object. `etag` carries no quotes; `last_modified` is aware, UTC."""

    key: str
    version_id: str
    etag: str
    size: int
    last_modified: datetime


@dataclass(frozen=True)
class ObjectVersion:
    """One of an object's versions; a marker is what hides a deleted object and has no bytes."""

    key: str
    version_id: str
    is_latest: bool
    is_marker: bool


class Store(Protocol):
    """A bucket. A `version_id` of None means the current version. Absent objects raise MissingObjectError."""

    def head(self, key: str, version_id: str | None = None) -> ObjectInfo | None:
        """What the store knows of the object, None where it (or that version) is absent."""

    def read(self, key: str, version_id: str | None = None) -> tuple[bytes, ObjectInfo]:
        """A small object whole."""

    def chunks(self, key: str, version_id: str | None = None) -> Iterator[bytes]:
        """A large object piece by piece."""

    def put(self, key: str, body: bytes, *, absent: bool = False, etag: str | None = None) -> None:
        """Writes a small object: unconditionally, only if `absent`, or only over `etag`; else LostRaceError."""

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """The current objects below `prefix`, by bytes of UTF-8. Their version_id is '' (S3 does not list it)."""

    def versions(self, prefix: str) -> Iterator[ObjectVersion]:
        """All versions of all objects below `prefix` and their markers, by bytes of UTF-8, of each key newest first."""

    def download(self, key: str, path: Path, version_id: str | None = None) -> None:
        """Streams the object into a new local file, which the caller must not change in place."""

    def upload(self, path: Path, key: str) -> None:
        """Streams a local file into the store, unconditionally (only for names that carry run and attempt)."""

    def copy(self, key: str, target: str, version_id: str | None = None) -> None:
        """Copies inside the store, of any size."""

    def delete(self, key: str, version_id: str | None = None) -> None:
        """Removes exactly this version, or hides the object where none is named; absent ones are no error."""


def in_parallel(work: Callable[[T], R], items: Iterable[T], workers: int = PARALLEL_REQUESTS) -> list[R]:
    """`work` on every item, several at once; results in the order of the items. The first error is raised."""
    todo = list(items)
    if len(todo) <= 1:
        return [work(item) for item in todo]
    with ThreadPoolExecutor(max_workers=min(workers, len(todo))) as pool:
        return list(pool.map(work, todo))


def digest(store: Store, key: str, version_id: str | None = None) -> str:
    """SHA-256 (hex) of what the store really holds, read back piece by piece."""
    found = sha256()
    for chunk in store.chunks(key, version_id):
        found.update(chunk)
    return found.hexdigest()


def encode(document: Any) -> bytes:
    """A document as its bytes: compact JSON in UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def read_json(store: Store, key: str) -> Any:
    """The document under `key`, None where there is none. Callers annotate its contract: `doc: FileDocument | None`."""
    try:
        body, _ = store.read(key)
    except MissingObjectError:
        return None
    return json.loads(body)


def create_json(store: Store, key: str, document: Any) -> bool:
    """Writes a document that must not exist yet; False where one does."""
    try:
        store.put(key, encode(document), absent=True)
    except LostRaceError:
        return False
    return True


def change_json(store: Store, key: str, decide: Callable[[Any], Any]) -> Any:
    """Read, decide, write if unchanged; after a lost race all three again.

    `decide` gets the document (None: absent) and returns the one to write, or None to leave it as it is. It must be
    pure: it may be asked several times. Returns the document that then stands.
    """
    for lost in itertools.count():
        time.sleep(random.uniform(0, min(0.02 * lost, 0.5)))
        try:
            body, info = store.read(key)
            current, etag = json.loads(body), info.etag
        except MissingObjectError:
            current, etag = None, None
        wanted = decide(current)
        if wanted is None:
            return current
        try:
            store.put(key, encode(wanted), absent=etag is None, etag=etag)
        except LostRaceError:
            continue
        return wanted
    raise AssertionError("unreachable")
