"""The archive job copies and verifies everything, then deletes exactly the archived versions."""

from pathlib import Path
from typing import Any

import pytest
from oracle.model import Accepted
from support.kpi_world import NOW, KpiWorld, row
from support.schema import assert_conforms

from archive.copies import CopyError, copy_verified
from archive.results import RowsMissingError
from contracts import keys
from jobs import archive, kpi, load
from load.table_memory import MemoryTable
from storage.store import encode, read_json
from storage.store_directory import DirectoryStore

D = "2018-11-15"
ROWS = [row("u1", "t1", f"{D} 10:00:00"), row("u2", "t3", "2018-11-16 11:00:00")]


@pytest.fixture
def bucket(tmp_path: Path) -> KpiWorld:
    return KpiWorld(DirectoryStore(tmp_path / "store", lambda: NOW), tmp_path / "temp")


def through_load(bucket: KpiWorld, files: dict[str, list[Accepted]]) -> str:
    run = bucket.validate(files)
    kpi.run(bucket.context("kpi", run))
    load.run(bucket.context("load", run), MemoryTable())
    return run


def archived(bucket: KpiWorld, run: str, attempt: int = 1) -> Any:
    archive.run(bucket.context("archive", run, attempt))
    return read_json(bucket.store, keys.result_key(run, "archive"))


def version(bucket: KpiWorld, key: str, number: int = 1) -> Any:
    document = read_json(bucket.store, keys.file_key(keys.file_id(key)))
    assert document is not None
    return document["versions"][number - 1]


def change(bucket: KpiWorld, key: str, **fields: Any) -> None:
    name = keys.file_key(keys.file_id(key))
    document = read_json(bucket.store, name)
    assert document is not None
    document["versions"][-1].update(fields)
    bucket.store.put(name, encode(document))


def listed(bucket: KpiWorld, prefix: str) -> list[str]:
    return [info.key for info in bucket.store.list(prefix)]


def test_raw_files_rows_and_kpis_are_archived_under_the_day_of_the_run(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    size = version(bucket, "streams/a.csv")["size"]
    result = archived(bucket, run)
    assert_conforms(result, "ArchiveResult")
    prefix = f"archived/2018/11/20/{run}/"
    assert result["archive_prefix"] == prefix
    assert (result["files"][0]["bytes"], result["files"][0]["deleted"]) == (size, True)
    found = listed(bucket, prefix)
    assert f"{prefix}raw/streams/a.csv" in found
    assert sum("/validated/event_date=" in key for key in found) == 2
    assert sum("/kpis/metric=" in key for key in found) == result["objects"] - 3
    assert listed(bucket, "streams/") == []


def test_the_document_of_a_file_records_the_archived_copy(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    archived(bucket, run)
    document = read_json(bucket.store, keys.file_key(keys.file_id("streams/a.csv")))
    assert_conforms(document, "FileDocument")
    entry = version(bucket, "streams/a.csv")
    assert (entry["state"], entry["archived_to"]) == ("archived", f"archived/2018/11/20/{run}/raw/streams/a.csv")


def test_the_lineage_connects_a_file_with_its_items(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    lineage = read_json(bucket.store, archived(bucket, run)["lineage_key"])
    assert lineage is not None
    (file,) = lineage["files"]
    assert (file["key"], file["dates"], len(file["rows"])) == ("streams/a.csv", {D: 1, "2018-11-16": 1}, 2)
    day = lineage["dates"][D]
    assert (day["generation"], day["published"], day["loaded"]["generation"]) == (1, True, 1)
    assert day["objects"]["user_daily"]["items"] == 1
    assert day["objects"]["user_daily"]["archived_to"].startswith("archived/2018/11/20/")
    assert lineage["attempts"] == {"ingest": 1, "validate": 1, "kpi": 1, "load": 1, "archive": 1}


@pytest.mark.parametrize("state", ["held", "rejected", "waiting"])
def test_held_rejected_and_waiting_files_stay_and_are_in_the_lineage(bucket: KpiWorld, state: str) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS, "streams/bad.csv": [row("u1", "t2", f"{D} 12:00:00")]})
    change(bucket, "streams/bad.csv", state=state)
    result = archived(bucket, run)
    assert [file["key"] for file in result["files"]] == ["streams/a.csv"]
    assert listed(bucket, "streams/") == ["streams/bad.csv"]
    lineage = read_json(bucket.store, result["lineage_key"])
    assert lineage is not None
    states = {file["key"]: (file["state"], file["archived_to"] is None) for file in lineage["files"]}
    assert states["streams/bad.csv"] == (state, True)


def test_a_superseded_version_is_archived_and_stays_superseded(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    change(bucket, "streams/a.csv", state="superseded", committed_by=None, dates={})
    archived(bucket, run)
    entry = version(bucket, "streams/a.csv")
    assert (entry["state"], entry["archived_to"] is None) == ("superseded", False)
    assert listed(bucket, "streams/") == []


def test_a_newer_version_of_an_archived_file_stays(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    bucket.store.put("streams/a.csv", b"newer content")
    archived(bucket, run)
    assert bucket.store.read("streams/a.csv")[0] == b"newer content"


def test_repeats_of_an_archived_version_are_deleted_with_it(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    body, _ = bucket.store.read("streams/a.csv")
    bucket.store.put("streams/a.csv", body)
    again = bucket.store.head("streams/a.csv")
    assert again is not None
    change(bucket, "streams/a.csv", repeats=[again.version_id])
    archived(bucket, run)
    assert listed(bucket, "streams/") == []
    assert bucket.store.head("streams/a.csv", again.version_id) is None


def test_a_file_of_another_run_is_not_archived(bucket: KpiWorld) -> None:
    run = through_load(bucket, {"streams/a.csv": ROWS})
    change(bucket, "streams/a.csv", run_id="20181121T000000000-00000000")
    assert archived(bucket, run)["files"] == []
    assert listed(bucket, "streams/") == ["streams/a.csv"]


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


def test_kpis_that_a_newer_generation_replaced_have_no_archived_copy_in_the_lineage(bucket: KpiWorld) -> None:
    table = MemoryTable()
    first = bucket.validate({"streams/a.csv": ROWS})
    kpi.run(bucket.context("kpi", first))
    second = bucket.validate({"streams/b.csv": [row("u3", "t2", f"{D} 12:00:00")]})
    kpi.run(bucket.context("kpi", second))
    for run in (first, second):
        load.run(bucket.context("load", run), table)
    lineage = read_json(bucket.store, archived(bucket, first)["lineage_key"])
    assert lineage is not None
    day = lineage["dates"][D]
    assert (day["generation"], day["loaded"]["generation"], day["objects"]["user_daily"]["archived_to"]) == (1, 2, None)


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
