"""Mutations of text files: values, headers, line ends, encodings, quotes."""

import re
from random import Random

from fuzz.mutate_bytes import position

#: Replacements for a value, some just of the allowed length or one byte longer.
VALUES = (
    b"1e999", b"-1e999", b"1542241826796000000", b"99999999999999999999999999", b"-9223372036854775808", b"-0", b"0x10",
    b"2018-02-30 10:00:00", b"2018-02-30T10:00:00Z", b"0000-00-00 00:00:00", b"0001-01-01 00:00:00",
    b"9999-12-31 23:59:59.999", b"9999-12-31T23:59:59-23:59", b"0000-01-01 00:00:00", b"2018-11-15 10:00:00+99:99",
    b"99999-01-01 00:00:00", b"292278994-08-17 07:12:55.807", b"2018-11-15 10:00:00.999999999", b"9999999999",
    b"9999999999999", b"0000000000", b"infinity", b"-infinity", b"epoch", b"NaN", b"null", b"None", b"NULL", b"",
    b" ", b"\t", b"'", b"''; drop table users; --", b'"', b'""', b'"""', b"\\", b"\\N", b"\\u0000", b"%", b"{}", b"[]",
    b"{\"$gt\": \"\"}", b"=1+1", b"../../etc/passwd", b"\xef\xbb\xbf", b"\xc2\xa0", b"\xe2\x80\x8b", b"\xe2\x80\xae",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\xff", b"\x1f", b"\x1a", b"\x00", b"\r", b"\n", b"\x0b",
    b"\x0c", b"\xe2\x80\xa8", b"\xc2\x85", b",", b";", b",,,,,,", b"__proto__", b"event_date=2018-11-15",
    b"x" * 256, b"x" * 257, b"\xc3\xa9" * 512, b"\xc3\xa9" * 512 + b"x",
    b"86400000", b"86400001", b"00000000000000000000000000030000", b"1.0", b"30000.0", b"\xd9\xa3\xd9\xa0",
)  # fmt: skip
NAMES = (
    b"user_id", b"track_id", b"song_id", b"listen_time", b"timestamp", b"event_id", b"stream_id", b"ms_played",
    b"duration", b"completed", b"device_type", b"row_number", b"raw", b"malformed", b"event_date", b"", b" ", b"reason",
    b"USER_ID", b"Track_ID ", b'"user_id"', b'"', b"line", b"f", b"f0", b"filename", b"file_row_number", b"key",
    b"\xff", b"a" * 70_000, b"select", b"user id", b"\xc3\x89", b"r",
)  # fmt: skip


def insert_token(rng: Random, body: bytes) -> bytes:
    at = position(rng, body)
    return body[:at] + rng.choice(VALUES) + body[at:]


def set_value(rng: Random, body: bytes) -> bytes:
    """Replaces values of a text file."""
    fields = list(re.finditer(rb'[^,\n\r":{}]+', body))
    if not fields:
        return body
    for _ in range(rng.choice([1, 1, 4])):
        found = rng.choice(fields)
        new = rng.choice(VALUES)
        body = body[: found.start()] + new + body[found.start() + max(len(found[0]), 1) :]
    return body


def change_header(rng: Random, body: bytes) -> bytes:
    line, end, rest = body.partition(b"\n")
    names = line.split(b",")
    for _ in range(rng.choice([1, 1, 2, 5])):
        kind = rng.choice(["set", "add", "drop", "double", "shuffle", "empty"])
        if kind == "set":
            names[rng.randrange(len(names))] = rng.choice(NAMES)
        elif kind == "add":
            names.insert(rng.randrange(len(names) + 1), rng.choice(NAMES))
        elif kind == "drop" and len(names) > 1:
            names.pop(rng.randrange(len(names)))
        elif kind == "double":
            names.append(rng.choice(names))
        elif kind == "shuffle":
            rng.shuffle(names)
    return b",".join(names) + end + rest


def many_columns(rng: Random, body: bytes) -> bytes:
    line, end, rest = body.partition(b"\n")
    return line + b"".join(b",c%d" % n for n in range(rng.choice([100, 5000]))) + end + rest


def change_ends(rng: Random, body: bytes) -> bytes:
    end = rng.choice([b"\r", b"\r\n", b"\n\r", b"\n\n", b"\r\r\n", b"\x0b", b"\xc2\x85", b"\xe2\x80\xa8", b"\0"])
    return body.replace(b"\n", end, rng.choice([1, 3, -1]))


def change_text(rng: Random, body: bytes) -> bytes:
    """Changes the encoding, or adds a mark of another one."""
    text = body.decode("utf-8", "replace")
    marks = (
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf" * 2,
        b"\xfe\xff",
        b"\x1f\x8b",
        b"\x28\xb5\x2f\xfd",
        b"PAR1",
        b"{",
        b"PK\x03\x04",
    )
    return rng.choice(
        [
            text.encode("utf-16"),
            text.encode("utf-16-le"),
            text.encode("utf-32"),
            text.encode("latin-1", "replace"),
            text.encode().decode("latin-1").encode(),
            b"PAR1" + body + b"PAR1",
            *(mark + body for mark in marks),
        ]
    )


def quotes(rng: Random, body: bytes) -> bytes:
    changed = body
    for _ in range(rng.choice([1, 2, 7])):
        at = rng.choice([m.start() for m in re.finditer(rb"[,\n]", changed)] or [0]) + rng.choice([0, 1])
        changed = changed[:at] + b'"' * rng.choice([1, 1, 2, 3]) + changed[at:]
    return changed
