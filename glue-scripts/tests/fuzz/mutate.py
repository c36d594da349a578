"""A seeded mutator: damage by transfers, disks, exports and people, and attacks."""

import re
import struct
from collections.abc import Callable
from random import Random

Mutation = Callable[[Random, bytes], bytes]

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


def _at(rng: Random, body: bytes) -> int:
    return rng.randrange(len(body) + 1)


def flip_bits(rng: Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(min(rng.choice([1, 1, 3, 20]), len(changed))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def set_bytes(rng: Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(min(rng.choice([1, 4, 16]), len(changed))):
        changed[rng.randrange(len(changed))] = rng.choice(
            [0, 10, 13, 34, 44, 0x1F, 0x7F, 0x80, 0xFF, rng.randrange(256)]
        )
    return bytes(changed)


def truncate(rng: Random, body: bytes) -> bytes:
    return body[: _at(rng, body)]


def lose_head(rng: Random, body: bytes) -> bytes:
    return body[_at(rng, body) :]


def cut_out(rng: Random, body: bytes) -> bytes:
    first, last = sorted((_at(rng, body), _at(rng, body)))
    return body[:first] + body[last:]


def repeat_block(rng: Random, body: bytes) -> bytes:
    first, last = sorted((_at(rng, body), _at(rng, body)))
    return body[:last] + body[first:last] * rng.choice([1, 2, 30]) + body[last:]


def swap_blocks(rng: Random, body: bytes) -> bytes:
    a, b, c = sorted((_at(rng, body), _at(rng, body), _at(rng, body)))
    return body[:a] + body[b:c] + body[a:b] + body[c:]


def insert_noise(rng: Random, body: bytes) -> bytes:
    at = _at(rng, body)
    noise = rng.choice([rng.randbytes(rng.randrange(1, 200)), b"\0" * rng.randrange(1, 5000), b"\xff" * 64])
    return body[:at] + noise + body[at:]


def insert_token(rng: Random, body: bytes) -> bytes:
    at = _at(rng, body)
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


def huge_field(rng: Random, body: bytes) -> bytes:
    at = _at(rng, body)
    size = rng.choice([1 << 10, 1 << 16, (1 << 20) - 1, 1 << 20, (1 << 20) + 3, 3 << 20])
    return body[:at] + rng.choice([b"x", b'"', b"9", b" ", b",", b"\xc3\xa9", b"[", b"\r"]) * size + body[at:]


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


def json_lines(rng: Random, body: bytes) -> bytes:
    """Adds objects that parsers disagree about."""
    good = b'{"user_id": "26", "track_id": "T1", "listen_time": "2018-11-15 10:00:00"'
    deep = rng.choice([50, 900, 1100, 20_000, 200_000])
    odd = [
        good + b', "x": ' + b"[" * deep + b"]" * deep + b"}",
        good + b', "x": ' + b'{"a":' * deep + b"1" + b"}" * deep + b"}",
        b"[" * deep,
        good + b', "user_id": "10"}',
        good + b', "User_ID": "10"}',
        good + b', "ms_played": 1e999}',
        good + b', "ms_played": 1542241826796000000}',
        good + b', "ms_played": 30000.0}',
        good + b', "ms_played": ' + b"9" * rng.choice([20, 4301, 100_000]) + b"}",
        good + b', "ms_played": -0}',
        good + b', "completed": 1}',
        good + b', "event_id": {"a": 1}}',
        good + b', "event_id": ["a"]}',
        good + b', "event_id": "\\u0000"}',
        good + b', "event_id": "\\ud800"}',
        good + b', "event_id": "\\ud83d\\ude00"}',
        good + b', "event_id": "\t"}',
        good + b', "__proto__": {"user_id": "1"}}',
        good + b', "": ""}',
        good + b', "event_id": NaN, "x": Infinity}',
        good + b"}" + good + b"}",
        good + b"} // a comment",
        good + b",}",
        good.replace(b'"', b"'") + b"}",
        b"[" + good + b"}, " + good + b"}]",
        b"null", b"true", b"1e999", b'"text"', b"{", b"}", b"{}", b"[]", b"\xef\xbb\xbf{}",
    ]  # fmt: skip
    lines = body.split(b"\n")
    for _ in range(rng.choice([1, 2, 5])):
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(odd))
    return b"\n".join(lines)


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


def footer(rng: Random, body: bytes) -> bytes:
    """Changes the length that a Parquet file gives for its footer, or the end of any other file."""
    lengths = [0, 1, 7, len(body), len(body) - 8, len(body) + 1, 0x7FFFFFFF, 0xFFFFFFFF, rng.randrange(1 << 32)]
    length = struct.pack("<I", rng.choice(lengths) & 0xFFFFFFFF)
    tail = rng.choice([b"PAR1", b"PAR1", b"PARE", b"par1", b""])
    return body[:-8] + length + tail


def inside_footer(rng: Random, body: bytes) -> bytes:
    """Damages the footer of a Parquet file."""
    if len(body) < 12 or body[-4:] != b"PAR1":
        return flip_bits(rng, body)
    length = min(struct.unpack("<I", body[-8:-4])[0], len(body) - 12)
    first = len(body) - 8 - length
    middle = rng.choice([flip_bits, set_bytes, repeat_block, cut_out, insert_noise])(rng, body[first:-8])
    keeps_length = rng.random() < 0.3
    return body[:first] + middle + (body[-8:-4] if keeps_length else struct.pack("<I", len(middle))) + b"PAR1"


MUTATIONS: dict[str, Mutation] = {
    found.__name__: found
    for found in (
        flip_bits, set_bytes, truncate, lose_head, cut_out, repeat_block, swap_blocks, insert_noise, insert_token,
        set_value, set_value, huge_field, change_header, many_columns, json_lines, change_ends, change_text, quotes,
        footer, inside_footer,
    )
}  # fmt: skip
#: Mutations that are frequent for a form.
_OF_FORM = {
    "csv": ("set_value", "set_value", "change_header", "quotes", "change_ends"),
    "quoted csv": ("set_value", "change_header", "quotes", "quotes", "change_ends"),
    "json": ("json_lines", "json_lines", "set_value", "quotes"),
    "parquet": ("inside_footer", "inside_footer", "flip_bits", "set_bytes"),
    "typed parquet": ("inside_footer", "inside_footer", "flip_bits", "set_bytes"),
    "nested parquet": ("inside_footer", "flip_bits", "set_bytes"),
}
#: Large bodies cost time.
_RARE = ("huge_field", "many_columns")


def mutate(rng: Random, form: str, body: bytes) -> tuple[list[str], bytes]:
    """Applies one to three mutations, preferably those of the form. Returns their names and the body."""
    common = [name for name in MUTATIONS if name not in _RARE]
    names = [
        rng.choice(_RARE) if rng.random() < 0.04 else rng.choice([*common, *_OF_FORM[form] * 2])
        for _ in range(rng.choice([1, 1, 2, 3]))
    ]
    for name in names:
        body = MUTATIONS[name](rng, body)
    return names, body
