"""Detects a file's compression and format from its bytes, never from its name, and unpacks it."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from formats.rejection import RejectedFileError

Compression = Literal["none", "gzip", "zstd"]
Format = Literal["csv", "json", "parquet"]

BOM = b"\xef\xbb\xbf"
#: ASCII white space, the only kind that is trimmed; a line of nothing else is blank.
BLANKS = " \t\n\v\f\r"
CHUNK = 1 << 20
#: Bytes given to zstd at once: its output for one piece is up to 32,768 times as long.
PIECE = 1 << 10
#: A file may unpack to 1 GiB, or to more, but then to at most so many times its size. Listens unpack to 5 to 50 times.
#: Gzip can reach 1,032 times and zstd any number, and the disk of a job is shared.
FREE_SIZE = 1 << 30
MOST_TIMES = 250
#: How many bytes of a file decide about its format.
HEAD = 1 << 16

FOREIGN = {
    b"PK\x03\x04": "a zip archive",
    b"BZh": "bzip2 data",
    b"\xfd7zXZ\x00": "xz data",
    b"\x1f\x8b": "gzip inside gzip",
    b"\x28\xb5\x2f\xfd": "zstd inside compression",
    b"Obj\x01": "Avro",
    b"ORC": "ORC",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"%PDF": "a PDF",
}


def compression_of(path: Path) -> Compression:
    """Detects the compression by magic bytes (RFC 1952, RFC 8878)."""
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    return "zstd" if head == b"\x28\xb5\x2f\xfd" else "none"


def unpack(path: Path, compression: Compression, target: Path) -> Path:
    """Returns the plain file: `path` itself, or `target` with the unpacked content.

    Raises RejectedFileError: corrupt_file for damaged data, too_large for data that unpacks to more than allowed.
    """
    if compression == "none":
        return path
    most = max(FREE_SIZE, MOST_TIMES * path.stat().st_size)
    with path.open("rb") as packed, target.open("wb") as plain:
        try:
            for chunk in _gunzip(packed) if compression == "gzip" else _unzstd(packed):
                if plain.tell() + len(chunk) > most:
                    raise RejectedFileError("too_large", f"{compression} data that unpacks to more than {most} bytes")
                plain.write(chunk)
        except (OSError, EOFError, zlib.error) as error:
            # A full disk is no fault of the file.
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise RejectedFileError("corrupt_file", f"damaged or cut off {compression} data: {error}") from error
    return target


def _gunzip(packed: BinaryIO) -> Iterator[bytes]:
    with gzip.open(packed) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _unzstd(packed: BinaryIO) -> Iterator[bytes]:
    import zstandard

    decompressor = zstandard.ZstdDecompressor()
    frame = decompressor.decompressobj()
    rest = packed.read(PIECE)
    try:
        while rest:
            if frame.eof:
                frame = decompressor.decompressobj()
            yield frame.decompress(rest)
            rest = (frame.unused_data if frame.eof else b"") or packed.read(PIECE)
    except zstandard.ZstdError as error:
        raise OSError(str(error)) from error
    if not frame.eof:
        raise EOFError("the last frame has no end")


def format_of(path: Path) -> Format:
    """Detects the format of a plain file. Raises RejectedFileError (empty_file, not_text) if it has none."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head[:4] == b"PAR1":
        return "parquet"
    for magic, name in FOREIGN.items():
        if head.startswith(magic):
            raise RejectedFileError("not_text", f"the file is {name}; save it as CSV, JSON lines or Parquet in UTF-8")
    if b"\0" in head:
        raise RejectedFileError("not_text", "the file has NUL bytes: binary data, or text that is not UTF-8")
    lines = [line for line in head.removeprefix(BOM).split(b"\n") if line.strip(BLANKS.encode())]
    if not lines and path.stat().st_size <= HEAD:
        raise RejectedFileError("empty_file", "the file has no bytes" if not head else "the file has only blank lines")
    objects = [line.lstrip(BLANKS.encode()).startswith(b"{") for line in lines[:100]]
    starts_json = bool(lines) and lines[0].lstrip(BLANKS.encode())[:1] in (b"{", b"[")
    return "json" if starts_json or 2 * sum(objects) > max(len(objects), 1) else "csv"
