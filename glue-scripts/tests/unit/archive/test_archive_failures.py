"""The archive job after interruptions, untrue copies and missing objects."""

from pathlib import Path

import pytest
from support.archiving import ROWS, D, archived, listed, through_load, version
from support.kpi_world import NOW, KpiWorld, row

from archive.copies import CopyError, copy_verified
from archive.results import RowsMissingError
from contracts import keys
from storage.store_directory import DirectoryStore


class Failing(DirectoryStore):
    """Fails in the named operation after `good` successful ones, like a stopped process."""

    failing = ""
    good = 0

    def _count(self, operation: str) -> None:
        if operation == self.failing:
            self.good -= 1
            if self.good < 0:
                raise RuntimeError("stopped")

    def copy(self, key: str, target: str, version_id: str | None = None) -> None:
        self._count("copy")
        super().copy(key, target, version_id)

    def delete(self, key: str, version_id: str | None = None) -> None:
        self._count("delete")
        super().delete(key, version_id)

    def put(self, key: str, body: bytes, *, absent: bool = False, etag: str | None = None) -> None:
        self._count("put")
        super().put(key, body, absent=absent, etag=etag)


@pytest.mark.parametrize(
    ("operation", "good"), [("copy", 0), ("copy", 4), ("delete", 0), ("put", 0), ("put", 1), ("put", 2)]
)
def test_an_interrupted_job_completes_when_it_is_started_again(tmp_path: Path, operation: str, good: int) -> None:
    store = Failing(tmp_path / "store", lambda: NOW)
    bucket = KpiWorld(store, tmp_path / "temp")
    run = through_load(bucket, {"streams/a.csv": ROWS, "streams/b.csv": [row("u3", "t2", f"{D} 12:00:00")]})
    bodies = {key: store.read(key)[0] for key in ("streams/a.csv", "streams/b.csv")}
    store.failing, store.good = operation, good
    with pytest.raises(RuntimeError):
        archived(bucket, run)
    for key, body in bodies.items():
        copy = f"archived/2018/11/20/{run}/raw/{key}"
        assert body in [store.read(name)[0] for name in (key, copy) if store.head(name)]
    store.failing = ""
    result = archived(bucket, run, attempt=2)
    assert [file["deleted"] for file in result["files"]] == [True, True]
    assert {key: store.read(f"archived/2018/11/20/{run}/raw/{key}")[0] for key in bodies} == bodies
    assert all(version(bucket, key)["state"] == "archived" for key in bodies)


def test_an_untrue_copy_fails_the_job_before_anything_is_deleted(
    bucket: KpiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})

    def spoil(key: str, target: str, version_id: str | None = None) -> None:
        body, _ = bucket.store.read(key, version_id)
        bucket.store.put(target, body[:-1] + b"?")

    monkeypatch.setattr(bucket.store, "copy", spoil)
    with pytest.raises(CopyError, match="is not a true copy of streams/a"):
        archived(bucket, run)
    assert listed(bucket, "streams/") == ["streams/a.csv"]


def test_missing_rows_that_a_document_names_fail_the_job(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    bucket.store.delete(keys.validated_key(D, keys.file_id("streams/a.csv"), 1, f"{run}-1"))
    with pytest.raises(RowsMissingError, match="nothing was deleted"):
        archived(bucket, run)
    assert listed(bucket, "streams/") == ["streams/a.csv"]


def test_a_multipart_copy_is_compared_by_its_content(bucket: KpiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.store.put("streams/a.csv", b"content")

    def other_tag(key: str, target: str, version_id: str | None = None) -> None:
        path = bucket.temp / "copied"
        path.write_bytes(bucket.store.read(key, version_id)[0])
        monkeypatch.setattr("storage.store_directory.HASHED", 0)
        bucket.store.upload(path, target)

    monkeypatch.setattr(bucket.store, "copy", other_tag)
    copied = copy_verified(bucket.store, "streams/a.csv", "archived/a.csv")
    assert copied is not None and copied.bytes == 7 and copied.etag.endswith("-2")
