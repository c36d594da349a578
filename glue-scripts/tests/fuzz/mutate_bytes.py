"""Mutations of any file, and of a Parquet file's footer."""

import struct
from random import Random


def position(rng: Random, body: bytes) -> int:
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
    return body[: position(rng, body)]


def lose_head(rng: Random, body: bytes) -> bytes:
    return body[position(rng, body) :]


def cut_out(rng: Random, body: bytes) -> bytes:
    first, last = sorted((position(rng, body), position(rng, body)))
    return body[:first] + body[last:]


def repeat_block(rng: Random, body: bytes) -> bytes:
    first, last = sorted((position(rng, body), position(rng, body)))
    return body[:last] + body[first:last] * rng.choice([1, 2, 30]) + body[last:]


def swap_blocks(rng: Random, body: bytes) -> bytes:
    a, b, c = sorted((position(rng, body), position(rng, body), position(rng, body)))
    return body[:a] + body[b:c] + body[a:b] + body[c:]


def insert_noise(rng: Random, body: bytes) -> bytes:
    at = position(rng, body)
    noise = rng.choice([rng.randbytes(rng.randrange(1, 200)), b"\0" * rng.randrange(1, 5000), b"\xff" * 64])
    return body[:at] + noise + body[at:]


def huge_field(rng: Random, body: bytes) -> bytes:
    at = position(rng, body)
    size = rng.choice([1 << 10, 1 << 16, (1 << 20) - 1, 1 << 20, (1 << 20) + 3, 3 << 20])
    return body[:at] + rng.choice([b"x", b'"', b"9", b" ", b",", b"\xc3\xa9", b"[", b"\r"]) * size + body[at:]


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
