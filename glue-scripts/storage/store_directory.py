"""The store in a local directory: for unit tests, and for the bench, which runs the jobs without S3.

Blobs are in `<root>/blobs/`, their names and versions in `<root>/index.sqlite`. Several threads and processes may share
one store. Large files are linked, not copied.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timezone
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import uuid4

from storage.store import LostRaceError, MissingObjectError, ObjectInfo, ObjectVersion

SCHEMA = """
create table if not exists versions (
  seq integer primary key autoincrement, key text not null, version_id text not null unique,
  etag text, size integer not null, modified text not null, blob text);
create index if not exists by_key on versions (key, seq);
"""
#: Sorts after every other character.
LAST = "\U0010ffff"
CHUNK = 8 * 1024 * 1024
#: Larger files get an ETag that is no digest, like multipart uploads.
HASHED = 8 * 1024 * 1024


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class DirectoryStore:
    """A versioned bucket in `root`. `now` stamps last_modified. A row without a blob is a delete marker."""

    def __init__(self, root: Path, now: Callable[[], datetime] = _utc_now) -> None:
        self._root = root
        self._now = now
        (root / "blobs").mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as index:
            index.executescript(SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        index = sqlite3.connect(self._root / "index.sqlite", timeout=60, isolation_level=None)
        index.execute("pragma synchronous = off")
        return index

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        with closing(self._connect()) as index:
            return index.execute(sql, values).fetchall()

    def _find(self, key: str, version_id: str | None) -> tuple[ObjectInfo, Path] | None:
        sql = "select key, version_id, etag, size, modified, blob from versions where key = ? "
        if version_id:
            rows = self._rows(sql + "and version_id = ?", key, version_id)
        else:
            rows = self._rows(sql + "order by seq desc limit 1", key)
        if not rows or rows[0][5] is None:
            return None
        return _info(rows[0]), self._root / "blobs" / rows[0][5]

    def _must(self, key: str, version_id: str | None) -> tuple[ObjectInfo, Path]:
        found = self._find(key, version_id)
        if found is None:
            raise MissingObjectError(key, version_id)
        return found

    def head(self, key: str, version_id: str | None = None) -> ObjectInfo | None:
        found = self._find(key, version_id)
        return found[0] if found else None

    def read(self, key: str, version_id: str | None = None) -> tuple[bytes, ObjectInfo]:
        info, blob = self._must(key, version_id)
        return blob.read_bytes(), info

    def chunks(self, key: str, version_id: str | None = None) -> Iterator[bytes]:
        with self._must(key, version_id)[1].open("rb") as blob:
            while chunk := blob.read(CHUNK):
                yield chunk

    def put(self, key: str, body: bytes, *, absent: bool = False, etag: str | None = None) -> None:
        blob = self._root / "blobs" / uuid4().hex
        blob.write_bytes(body)
        self._add(key, blob, md5(body, usedforsecurity=False).hexdigest(), absent, etag)

    def _add(self, key: str, blob: Path, tag: str, absent: bool = False, over: str | None = None) -> None:
        entry = (key, uuid4().hex, tag, blob.stat().st_size, self._now().isoformat(), blob.name)
        with closing(self._connect()) as index:
            index.execute("begin immediate")
            latest = index.execute(
                "select etag from versions where key = ? order by seq desc limit 1", (key,)
            ).fetchone()
            present = latest[0] if latest else None
            if (absent and present is not None) or (over is not None and over != present):
                index.execute("rollback")
                blob.unlink()
                raise LostRaceError(key)
            index.execute(
                "insert into versions (key, version_id, etag, size, modified, blob) values (?, ?, ?, ?, ?, ?)", entry
            )
            index.execute("commit")

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        sql = (
            "select key, '', etag, size, modified from versions as v where key >= ? and key < ? and blob is not null"
            " and seq = (select max(seq) from versions where key = v.key) order by key"
        )
        yield from (_info(row) for row in self._rows(sql, prefix, prefix + LAST))

    def versions(self, prefix: str) -> Iterator[ObjectVersion]:
        sql = (
            "select key, version_id, seq = (select max(seq) from versions where key = v.key), blob is null"
            " from versions as v where key >= ? and key < ? order by key, seq desc"
        )
        for key, version_id, is_latest, is_marker in self._rows(sql, prefix, prefix + LAST):
            yield ObjectVersion(key, version_id, bool(is_latest), bool(is_marker))

    def download(self, key: str, path: Path, version_id: str | None = None) -> None:
        _link(self._must(key, version_id)[1], path)

    def upload(self, path: Path, key: str) -> None:
        blob = self._root / "blobs" / uuid4().hex
        _link(path, blob)
        small = blob.stat().st_size <= HASHED
        self._add(key, blob, md5(blob.read_bytes()).hexdigest() if small else f"{uuid4().hex}-2")

    def copy(self, key: str, target: str, version_id: str | None = None) -> None:
        info, source = self._must(key, version_id)
        blob = self._root / "blobs" / uuid4().hex
        _link(source, blob)
        self._add(target, blob, info.etag)

    def delete(self, key: str, version_id: str | None = None) -> None:
        if version_id:
            self._rows("delete from versions where key = ? and version_id = ?", key, version_id)
        elif self._find(key, None):
            self._rows(
                "insert into versions (key, version_id, size, modified) values (?, ?, 0, ?)",
                *(key, uuid4().hex, self._now().isoformat()),
            )


def _info(row: Any) -> ObjectInfo:
    return ObjectInfo(row[0], row[1], row[2], row[3], datetime.fromisoformat(row[4]))


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
