"""Rows that a person patched: JSON lines `{"row": 12, "set": {"user_id": "26"}}` over the rows of one file.

Row numbers are those of the quarantine, columns go by their canonical names, and an empty or absent (null) value takes
a value away. A malformed row has only the values that are set. Of several objects the later one's value counts.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from formats.columns import Columns
from formats.content import BLANKS
from formats.json_records import Row
from formats.prepared import write_prepared
from formats.rejection import RejectedFileError
from formats.relation import Source, select_rows
from sql.database import literal, quoted

#: Bytes of a line of such an object: no patched listen is longer.
MAX_LINE = 1 << 20
SHOWN = 200

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


class _BadFixError(Exception):
    """The line is no patch; the message says why."""


def patch(
    database: duckdb.DuckDBPyConnection,
    prepared: tuple[Source, Path, int],
    patches: Sequence[tuple[str, Path]],
    columns: Columns,
    temp: Path,
) -> tuple[Source, Path]:
    """The file with its row patches, as a prepared file: what it is now, and where.

    `database` keeps the order of rows; `prepared` is the file as it is read, its local path, and its number of rows;
    `patches` are names and local copies of the objects, oldest first. Raises RejectedFileError: bad_patches.
    """
    source, path, read = prepared
    written = temp / "patches.parquet"
    write_prepared(database, _set_values(patches, columns, read), ["patch_row", "name", "value"], written)
    _reject_repeated(database, written)
    target = temp / "patched.parquet"
    rows = select_rows(source, path, columns, numbered=True)
    database.execute(
        f"copy ({_patched(rows, literal(str(written)), columns)}) to {literal(str(target))}"
        " (format parquet, compression zstd)"
    )
    return {"kind": "prepared"}, target


def _set_values(patches: Sequence[tuple[str, Path]], columns: Columns, read: int) -> Iterator[Row]:
    """One row a value that is set, in order; `raw` says where it stands."""
    for key, path in patches:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(MAX_LINE), b""), 1):
                place = f"line {number} of {key}"
                if len(line) < MAX_LINE and not line.strip():
                    continue
                try:
                    row, values = _patch(line, columns)
                    if not 1 <= int(row) <= read:
                        raise _BadFixError(f"row {row} does not exist, the file has {read} rows")
                except _BadFixError as error:
                    raise RejectedFileError("bad_patches", f"{place}: {error}") from error
                yield from ((place, None, [row, name, value]) for name, value in values.items())


def _patch(line: bytes, columns: Columns) -> tuple[str, dict[str, str]]:
    if len(line) == MAX_LINE:
        raise _BadFixError(f"longer than {MAX_LINE} bytes")
    try:
        patch = _DECODER.decode(line.decode("utf-8").strip(BLANKS))
    except (ValueError, RecursionError) as error:
        raise _BadFixError(f"not JSON: {str(error)[:SHOWN]}") from error
    if not isinstance(patch, dict) or set(patch) != {"row", "set"} or not isinstance(patch["set"], dict):
        raise _BadFixError('expected {"row": number, "set": {column: value}}')
    row = patch["row"]
    if not isinstance(row, str) or not row.isascii() or not row.isdigit() or len(row) > 18:
        raise _BadFixError(f"row {str(row)[:SHOWN]!r} is no row number")
    unknown = sorted(set(patch["set"]) - set(columns.all))
    if unknown:
        raise _BadFixError(f"there is no column {unknown[0][:SHOWN]!r}, only {', '.join(columns.all)}")
    return str(int(row)), {name: _text(name, value).strip(BLANKS) for name, value in patch["set"].items()}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise _BadFixError(f"the value of {name} is no text")
    return value


def _reject_repeated(database: duckdb.DuckDBPyConnection, written: Path) -> None:
    found = database.execute(
        "select patch_row, max(raw) from (select patch_row, raw, regexp_extract(raw, ' of (.*)$', 1) as object"
        f" from read_parquet({literal(str(written))})) group by patch_row, object having count(distinct raw) > 1 limit 1"
    ).fetchone()
    if found is not None:
        raise RejectedFileError("bad_patches", f"{found[1]}: row {found[0]} stands there twice")


def _patched(rows: str, written: str, columns: Columns) -> str:
    fixed = ", ".join(f"max(case when name = {literal(name)} then value end) as {quoted(name)}" for name in columns.all)
    values = ", ".join(
        f"case when f.patch_row is null then s.{name} when f.{name} is not null then f.{name}"
        f" when s.malformed is null then s.{name} end as {name}"
        for name in map(quoted, columns.all)
    )
    return (
        "with latest as (select cast(patch_row as bigint) as patch_row, name,"
        f" arg_max(coalesce(value, ''), row_number) as value from read_parquet({written}) group by all),"
        f" patches as (select patch_row, {fixed} from latest group by patch_row)"
        f" select s.row_number, s.raw, case when f.patch_row is null then s.malformed end as malformed, {values}"
        f" from ({rows}) s left join patches f on f.patch_row = s.row_number"
    )
