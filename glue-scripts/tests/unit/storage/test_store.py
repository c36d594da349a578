"""What every object store guarantees: the same suite runs on each implementation."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from storage.store import (
    LostRaceError,
    MissingObjectError,
    Store,
    change_json,
    create_json,
    digest,
    in_parallel,
    read_json,
)
from storage.store_directory import DirectoryStore


def _s3_store(endpoint: str) -> Store:
    import boto3

    from storage.store_s3 import S3Store

    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        os.environ.setdefault(name, value)
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    bucket = f"store-suite-{uuid4().hex[:8]}"
    client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return S3Store(bucket, client)


@pytest.fixture(params=["directory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "directory":
        yield DirectoryStore(tmp_path / "store")
        return
    endpoint = os.environ.get("MUSIC_ETL_TEST_S3_ENDPOINT")
    if endpoint is None:
        pytest.skip("MUSIC_ETL_TEST_S3_ENDPOINT names no S3 endpoint")
    yield _s3_store(endpoint)


def test_an_object_reads_back_with_its_size_and_etag(store: Store) -> None:
    store.put("a/b", b"hello")
    body, info = store.read("a/b")
    assert (body, info.key, info.size) == (b"hello", "a/b", 5)
    assert info.etag == "5d41402abc4b2a76b9719d911017c592"
    assert info.last_modified.tzinfo is not None
    assert store.head("a/b") == info


def test_head_returns_none_for_an_absent_object_and_other_calls_fail(store: Store, tmp_path: Path) -> None:
    assert store.head("nothing") is None
    with pytest.raises(MissingObjectError, match="nothing"):
        store.read("nothing")
    with pytest.raises(MissingObjectError):
        store.download("nothing", tmp_path / "x")
    with pytest.raises(MissingObjectError):
        store.copy("nothing", "elsewhere")
    store.delete("nothing")


def test_an_old_version_stays_readable_until_it_is_deleted_itself(store: Store) -> None:
    store.put("k", b"one")
    _, first = store.read("k")
    store.put("k", b"two")
    _, second = store.read("k")
    assert first.version_id != second.version_id
    assert store.read("k", first.version_id)[0] == b"one"
    store.delete("k", second.version_id)
    assert store.read("k")[0] == b"one"
    assert store.head("k", second.version_id) is None


def test_a_deleted_object_is_hidden_and_its_versions_remain(store: Store) -> None:
    store.put("k", b"one")
    _, info = store.read("k")
    store.delete("k")
    assert store.head("k") is None
    assert list(store.list("k")) == []
    assert store.read("k", info.version_id)[0] == b"one"


def test_a_put_with_absent_writes_only_if_there_is_no_object(store: Store) -> None:
    store.put("k", b"one", absent=True)
    with pytest.raises(LostRaceError, match="k"):
        store.put("k", b"two", absent=True)
    store.delete("k")
    store.put("k", b"three", absent=True)
    assert store.read("k")[0] == b"three"


def test_a_put_with_etag_writes_only_over_that_version(store: Store) -> None:
    store.put("k", b"one")
    _, info = store.read("k")
    store.put("k", b"two", etag=info.etag)
    with pytest.raises(LostRaceError):
        store.put("k", b"three", etag=info.etag)
    with pytest.raises(LostRaceError):
        store.put("gone", b"three", etag=info.etag)
    assert store.read("k")[0] == b"two"


def test_a_listing_has_the_current_objects_in_byte_order(store: Store) -> None:
    for key in ("p/b", "p/a", "p/é", "p/Z", "q/a", "p_"):
        store.put(key, b"12")
    found = list(store.list("p/"))
    assert [info.key for info in found] == ["p/Z", "p/a", "p/b", "p/é"]
    assert {(info.size, info.version_id) for info in found} == {(2, "")}
    assert found[0].etag == store.read("p/Z")[1].etag


def test_all_versions_are_listed_and_can_be_deleted_for_good(store: Store) -> None:
    for key, body in (("v/b", b"one"), ("v/a", b"1"), ("v/b", b"two"), ("w", b"3")):
        store.put(key, body)
    store.delete("v/b")
    found = list(store.versions("v/"))
    assert [(one.key, one.is_latest, one.is_marker) for one in found] == [
        ("v/a", True, False),
        ("v/b", True, True),
        ("v/b", False, False),
        ("v/b", False, False),
    ]
    assert sorted(store.read(one.key, one.version_id)[0] for one in found if not one.is_marker) == [
        b"1",
        b"one",
        b"two",
    ]
    for one in found:
        store.delete(one.key, one.version_id)
    assert list(store.versions("v/")) == []
    assert [one.key for one in store.versions("")] == ["w"]


def test_a_file_is_uploaded_copied_and_downloaded_unchanged(store: Store, tmp_path: Path) -> None:
    content = os.urandom(9 * 1024 * 1024)
    (tmp_path / "up").write_bytes(content)
    store.upload(tmp_path / "up", "big")
    (tmp_path / "up").unlink()
    store.copy("big", "copied", store.read("big")[1].version_id)
    store.download("copied", tmp_path / "down")
    assert (tmp_path / "down").read_bytes() == content
    assert b"".join(store.chunks("big")) == content
    assert digest(store, "big") == digest(store, "copied")


def test_a_document_is_created_once(store: Store) -> None:
    assert read_json(store, "doc") is None
    assert create_json(store, "doc", {"n": "é"})
    assert not create_json(store, "doc", {"n": 2})
    assert read_json(store, "doc") == {"n": "é"}


def test_a_change_is_decided_again_after_a_lost_race(store: Store) -> None:
    create_json(store, "doc", {"n": 1})
    seen: list[int] = []

    def decide(document: dict[str, int] | None) -> dict[str, int]:
        assert document is not None
        seen.append(document["n"])
        if len(seen) == 1:
            store.put("doc", b'{"n": 10}')
        return {"n": document["n"] + 1}

    assert change_json(store, "doc", decide) == {"n": 11}
    assert seen == [1, 10]


def test_a_change_that_decides_on_nothing_writes_nothing(store: Store) -> None:
    assert change_json(store, "doc", lambda document: document) is None
    assert read_json(store, "doc") is None


def test_no_concurrent_change_is_lost(store: Store) -> None:
    def count(_: int) -> None:
        change_json(store, "doc", lambda document: {"n": (document or {"n": 0})["n"] + 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(20)))
    assert read_json(store, "doc") == {"n": 20}


def test_parallel_work_keeps_the_order_and_raises_its_first_error() -> None:
    assert in_parallel(lambda n: n * n, range(20)) == [n * n for n in range(20)]
    with pytest.raises(ZeroDivisionError):
        in_parallel(lambda n: 1 // n, [1, 0])
