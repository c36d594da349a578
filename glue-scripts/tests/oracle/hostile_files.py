"""Writes rows as CSV, JSON lines and Parquet in every form that docs/kpis.md allows, and rows that cannot be parsed."""

import gzip
import json
import re
import tempfile
from pathlib import Path
from random import Random

from oracle.hostile_rows import Texts

ALIAS = {"track_id": "song_id", "listen_time": "timestamp", "event_id": "stream_id"}


def named(rng: Random, columns: list[str]) -> dict[str, str]:
    """Returns the name that this file gives to each canonical column."""
    names = {}
    for column in columns:
        name = ALIAS.get(column, column) if rng.random() < 0.4 else column
        names[column] = rng.choice([name, name, name.upper(), name.title()])
    return names


def compressed(rng: Random, body: bytes) -> bytes:
    """Returns the content plain, as gzip (perhaps in two members) or as zstd."""
    import zstandard

    kind = rng.choice(["plain", "plain", "gzip", "zstd", "members"])
    if kind == "gzip":
        return gzip.compress(body, mtime=0)
    if kind == "members":
        half = len(body) // 2
        return gzip.compress(body[:half], mtime=0) + gzip.compress(body[half:], mtime=0)
    return zstandard.ZstdCompressor().compress(body) if kind == "zstd" else body


def _cell(rng: Random, value: str | None, always: bool) -> bytes:
    text = value or ""
    if always or any(char in text for char in ',"\n\r') or rng.random() < 0.05:
        text = '"' + text.replace('"', '""') + '"'
    return text.encode()


def _broken_line(rng: Random, cells: list[bytes]) -> bytes:
    kind = rng.choice(["short", "long", "utf8", "after quote", "unclosed", "half"])
    plain = [cell.strip(b'"').replace(b'"', b"").replace(b",", b"") for cell in cells]
    if kind == "short":
        return b",".join(cells[:-1])
    if kind == "long":
        return b",".join([*cells, b"x"])
    if kind == "utf8":
        return b",".join([*plain[:-1], plain[-1] + b"\xff"])
    if kind == "after quote":
        return b",".join([b'"ab"c', *plain[1:]])
    if kind == "unclosed":
        return b",".join([b'"' + plain[0], *plain[1:]])
    return plain[0][:3] or b"?"


def _with_alias(rng: Random, texts: Texts) -> Texts:
    """Adds the alias of the track column: with the track if the canonical column is blank, else with another value."""
    if rng.random() < 0.5:
        return {**texts, "song_id": texts["track_id"], "track_id": ""}
    return {**texts, "song_id": "other"}


def csv_file(rng: Random, rows: list[Texts], columns: list[str], breaks: float) -> bytes:
    """Writes CSV with shuffled, renamed and unknown columns, blank lines and, by `breaks`, lines that do not parse."""
    order = [*columns, *rng.sample(["note", "Skip", ""], rng.randrange(0, 3))]
    rng.shuffle(order)
    names = named(rng, columns)
    if rng.random() < 0.1 and names["track_id"].lower() == "track_id":
        rows, order = [_with_alias(rng, texts) for texts in rows], [*order, "song_id"]
    end = rng.choice([b"\n", b"\n", b"\r\n"])
    always = rng.random() < 0.3
    lines = [b",".join(_cell(rng, rng.choice(["", "", " "]) + names.get(name, name), always) for name in order)]
    for texts in rows:
        extra = {"note": rng.choice(["", "a, b", 'say "x"', 'it"s', "é", "two\nlines"])}
        cells = [_cell(rng, {**extra, **texts}.get(name), always) for name in order]
        lines.append(_broken_line(rng, cells) if rng.random() < breaks else b",".join(cells))
        if rng.random() < 0.1:
            lines.append(rng.choice([b"", b"  ", b"\t"]))
    body = end.join(lines) + rng.choice([b"", end, end + end])
    if rng.random() < 0.05:
        other = b"\n" if end == b"\r\n" else b"\r\n"
        body = rng.choice([other + body, body.replace(end, other, 1)])
    return (b"\xef\xbb\xbf" if rng.random() < 0.2 else b"") + body


def _json_value(rng: Random, name: str, text: str | None) -> object:
    if text is None:
        return rng.choice([None, ""])
    if name in ("user_id", "listen_time", "ms_played", "duration") and re.fullmatch(r"0|[1-9][0-9]*", text):
        return rng.choice([int(text), text])
    if name == "completed" and text.lower() in ("true", "false"):
        return rng.choice([text, text.lower() == "true"])
    return text


BROKEN_JSON = (b"{", b"[1, 2]", b"5", b'"text"', b"null", b'{"user_id": NaN}', b'{"user_id": "1",}', b'{"a": 1} x')


def json_file(rng: Random, rows: list[Texts], columns: list[str], breaks: float) -> bytes:
    """Writes JSON lines. The first line is always an object, because the format is detected by content."""
    names = named(rng, columns)
    lines: list[bytes] = []
    for texts in rows:
        given = [(name, value) for name, value in texts.items() if name in columns]
        rng.shuffle(given)
        row = {names[name]: _json_value(rng, name, value) for name, value in given if value or rng.random() < 0.5}
        row.update(rng.choice([{}, {}, {"context": {"deep": [1, {"x": None}]}}, {"n": 1.5}]))
        line = json.dumps(row, ensure_ascii=rng.random() < 0.5).encode()
        if lines and rng.random() < breaks:
            line = rng.choice([*BROKEN_JSON, line[:-1], line[:-1] + b',"x":"\xff"}', line + line])
        lines.append(rng.choice([b"", b"", b" "]) + line)
        lines += [b""] * (rng.random() < 0.1)
    end = rng.choice([b"\n", b"\r\n"])
    return (b"\xef\xbb\xbf" if rng.random() < 0.2 else b"") + end.join(lines) + rng.choice([b"", end])


TYPES = {"listen_time": "timestamp", "ms_played": "bigint", "completed": "boolean"}


def parquet_file(rng: Random, rows: list[Texts], columns: list[str], typed: bool) -> bytes:
    """Writes Parquet with texts, or with timestamps, integers and booleans if every value is good."""
    import duckdb

    names = named(rng, columns)
    types = {name: TYPES.get(name, "varchar") if typed else "varchar" for name in columns}
    if typed and "ms_played" in types:
        types["ms_played"] = rng.choice(["bigint", "integer", "double"])
    declared = ", ".join(f'"{names[name]}" {types[name]}' for name in columns)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as db:
        path = Path(folder) / "rows.parquet"
        db.execute("set threads = 1; set timezone = 'UTC'")
        db.execute(f"create table rows ({declared}, extra integer)")
        marks = ", ".join(f"cast(? as {types[name]})" for name in columns)
        for texts in rows:
            db.execute(f"insert into rows values ({marks}, 1)", [texts.get(name) for name in columns])
        codec = rng.choice(["snappy", "zstd", "gzip", "uncompressed"])
        db.execute(f"copy rows to '{path}' (format parquet, compression {codec})")
        return path.read_bytes()
