"""Minimal cases that the fuzzer found: each failed a job, or ended its process."""

import errno
import gzip
import struct
import tempfile
from pathlib import Path

import duckdb
import pytest
import zstandard
from support.world import World

from formats import content
from formats.columns import STREAM
from formats.content import compression_of, unpack
from formats.parquet_source import parquet_source, reading_parquet
from formats.rejection import RejectedFileError

NOON = 12 * 3_600_000_000


def parquet(select: str) -> bytes:
    """Returns an uncompressed Parquet file with plain values, so that a test finds them in its bytes."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        path = Path(folder) / "rows.parquet"
        database.execute(f"copy ({select}) to '{path}' (format parquet, compression uncompressed)")
        return path.read_bytes()


ROW = "'u1' as user_id, 't1' as track_id, '2018-11-15 10:00:00' as listen_time"


@pytest.mark.parametrize("column", ["device_type", "note"])
def test_a_time_of_day_beyond_24_hours_makes_a_file_corrupt(known: World, column: str) -> None:
    body = parquet(f"select {ROW}, time '12:00:00' as {column}")
    noon = struct.pack("<q", NOON)
    assert noon in body
    file = known.put(
        "a.parquet",
        body.replace(noon, struct.pack("<q", NOON | 1 << 59)),
    )
    run_id = known.create_run(file)
    assert known.ingest(run_id)["files"][0]["reason"]["code"] == "corrupt_file"


def test_times_of_day_inside_nested_values_are_ignored(known: World) -> None:
    body = parquet(f"select {ROW}, [time '12:00:00'] as note").replace(
        struct.pack("<q", NOON), struct.pack("<q", NOON | 1 << 62)
    )
    result, _ = known.validate_file(body)
    assert result["ledger"]["accepted"] == 1


class Quoting:
    """An engine whose error contains bytes of the file, as DuckDB raised once for a damaged type."""

    def execute(self, _sql: str) -> None:
        raise UnicodeDecodeError("utf-8", b"type: \x80", 6, 7, "invalid start byte")


def test_an_engine_error_that_is_no_text_makes_the_file_corrupt(tmp_path: Path) -> None:
    with pytest.raises(RejectedFileError) as rejected, reading_parquet():
        parquet_source(Quoting(), tmp_path / "a", STREAM)  # type: ignore[arg-type]
    assert rejected.value.reason["code"] == "corrupt_file"


PACKERS = {"gzip": gzip.compress, "zstd": zstandard.ZstdCompressor().compress}


@pytest.mark.parametrize("compression", PACKERS)
def test_a_file_that_unpacks_to_an_unlikely_size_is_rejected_alone(
    known: World, compression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "FREE_SIZE", 1 << 20)
    good = b"user_id,track_id,listen_time\nu1,t1,2018-11-15 10:00:00\n"
    bomb = known.put("bomb.csv", PACKERS[compression](good + b"\n" * (1 << 24)))
    run_id = known.create_run(bomb, known.put("good.csv", PACKERS[compression](good)))
    rejected, prepared = known.ingest(run_id)["files"]
    assert rejected["reason"]["code"] == "too_large"
    assert prepared["read"] == 1


def test_zstd_is_unpacked_in_chunks_that_fit_into_memory(tmp_path: Path) -> None:
    (tmp_path / "packed").write_bytes(zstandard.ZstdCompressor(level=19).compress(bytes(256 << 20)))
    with (tmp_path / "packed").open("rb") as packed:
        assert max(len(piece) for piece in content._unzstd(packed)) <= 33 << 20


def test_a_full_disk_is_an_error_and_no_rejection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "packed").write_bytes(gzip.compress(b"x"))

    def full(_packed: object) -> list[bytes]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(content, "_gunzip", full)
    with pytest.raises(OSError, match="No space"):
        unpack(tmp_path / "packed", compression_of(tmp_path / "packed"), tmp_path / "plain")
