"""The object store: S3's versions, ETags and conditional writes behind one small protocol.

`S3Store` (store_s3.py) and `DirectoryStore` (store_directory.py) implement it; one test suite runs on both.
`create_json` and `change_json` are the only ways to write JSON documents: a lost race is read and decided again.
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

#: Enough to hide the latency of S3 without overloading the two cores of a worker.
PARALLEL_REQUESTS = 16


class MissingObjectError(Exception):
    """The object, or this version of it, does not exist."""

    def __init__(self, key: str, version_id: str | None = None) -> None:
        super().__init__(f"{key} does not exist" + (f" in version {version_id}" if version_id else ""))
        self.key = key
        self.version_id = version_id


class LostRaceError(Exception):
    """Another process created or changed the object before a conditional write (S3: 412 or 409)."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} was written by another process meanwhile")
        self.key = key


@dataclass(frozen=True)
class ObjectInfo:
    """One version of one object. `etag` has no quotes; `last_modified` is aware, in UTC."""

    key: str
    version_id: str
    etag: str
    size: int
    last_modified: datetime


@dataclass(frozen=True)
class ObjectVersion:
    """One of an object's versions, or a delete marker, which hides the object and has no bytes."""

    key: str
    version_id: str
    is_latest: bool
    is_marker: bool


class Store(Protocol):
    """A bucket. A `version_id` of None means the current version. Absent objects raise MissingObjectError."""

    def head(self, key: str, version_id: str | None = None) -> ObjectInfo | None:
        """Returns what the store knows about the object, None if it (or that version) is absent."""

    def read(self, key: str, version_id: str | None = None) -> tuple[bytes, ObjectInfo]:
        """Returns the whole content of a small object."""

    def chunks(self, key: str, version_id: str | None = None) -> Iterator[bytes]:
        """Yields the content of a large object in chunks."""

    def put(self, key: str, body: bytes, *, absent: bool = False, etag: str | None = None) -> None:
        """Writes a small object: always, only if it is `absent`, or only over `etag`. Otherwise LostRaceError."""

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yields the current objects under `prefix`, by bytes of UTF-8, without their version_id: S3 lists none."""

    def versions(self, prefix: str) -> Iterator[ObjectVersion]:
        """Yields all versions and delete markers under `prefix`, by bytes of UTF-8, newest first for each key."""

    def download(self, key: str, path: Path, version_id: str | None = None) -> None:
        """Streams the object into a new local file. The caller must not change that file in place."""

    def upload(self, path: Path, key: str) -> None:
        """Streams a local file into the store, always: only for keys that name run and attempt."""

    def copy(self, key: str, target: str, version_id: str | None = None) -> None:
        """Copies an object of any size inside the store."""

    def delete(self, key: str, version_id: str | None = None) -> None:
        """Removes exactly this version, or hides the object if no version is given. Absence is no error."""


def in_parallel(work: Callable[[T], R], items: Iterable[T], workers: int = PARALLEL_REQUESTS) -> list[R]:
    """Calls `work` on every item, several at once. Returns the results in order; raises the first error."""
    todo = list(items)
    if len(todo) <= 1:
        return [work(item) for item in todo]
    with ThreadPoolExecutor(max_workers=min(workers, len(todo))) as pool:
        return list(pool.map(work, todo))


def digest(store: Store, key: str, version_id: str | None = None) -> str:
    """Returns the SHA-256 (hex) of the stored content, read back in chunks."""
    found = sha256()
    for chunk in store.chunks(key, version_id):
        found.update(chunk)
    return found.hexdigest()


def encode(document: Any) -> bytes:
    """Returns a document as compact JSON in UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def read_json(store: Store, key: str) -> Any:
    """Returns the document under `key`, None if there is none. Callers annotate it: `doc: FileDocument | None`."""
    try:
        body, _ = store.read(key)
    except MissingObjectError:
        return None
    return json.loads(body)


def create_json(store: Store, key: str, document: Any) -> bool:
    """Writes a document that must not exist yet. Returns False if it does."""
    try:
        store.put(key, encode(document), absent=True)
    except LostRaceError:
        return False
    return True


def change_json(store: Store, key: str, decide: Callable[[Any], Any]) -> Any:
    """Reads, decides and writes if unchanged; repeats all three after a lost race. Returns the resulting document.

    `decide` gets the document (None: absent) and returns the one to write, or None to leave it as it is. It must be
    pure, because it may be called several times.
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
