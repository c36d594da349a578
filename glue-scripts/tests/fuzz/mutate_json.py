"""Mutations of JSON lines."""

from random import Random


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
