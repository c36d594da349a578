"""Rows that a person mended: JSON lines `{"row": 12, "set": {"user_id": "26"}}` over the rows of one file.

Row numbers are those of the quarantine, columns go by their canonical names, and an empty or absent (null) value takes
a value away. A malformed row has only the values that are set. Of several objects the later one's value counts.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from files.columns import Columns
from files.content import BLANKS
from files.database import literal, quoted
from files.json_records import Row
from files.prepared import write_prepared
from files.refusal import RefusedFileError
from files.relation import Source, select_rows

#: Bytes of a line of such an object: no mended listen is longer.
MAX_LINE = 1 << 20
SHOWN = 200

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


class _BadFixError(Exception):
    """The line is no fix; the message says why."""


def mend(
    database: duckdb.DuckDBPyConnection,
    prepared: tuple[Source, Path, int],
    fixes: Sequence[tuple[str, Path]],
    columns: Columns,
    temp: Path,
) -> tuple[Source, Path]:
    """The file with its mended rows, as a prepared file: what it is now, and where.

    `database` keeps the order of rows; `prepared` is the file as it is read, its local path, and its number of rows;
    `fixes` are names and local copies of the objects, oldest first. Raises RefusedFileError: bad_fixes.
    """
    source, path, read = prepared
    written = temp / "fixes.parquet"
    write_prepared(database, _set_values(fixes, columns, read), ["fix_row", "name", "value"], written)
    _refuse_repeated(database, written)
    target = temp / "mended.parquet"
    rows = select_rows(source, path, columns, numbered=True)
    database.execute(
        f"copy ({_mended(rows, literal(str(written)), columns)}) to {literal(str(target))}"
        " (format parquet, compression zstd)"
    )
    return {"kind": "prepared"}, target


def _set_values(fixes: Sequence[tuple[str, Path]], columns: Columns, read: int) -> Iterator[Row]:
    """One row a value that is set, in order; `raw` says where it stands."""
    for key, path in fixes:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(MAX_LINE), b""), 1):
                place = f"line {number} of {key}"
                if len(line) < MAX_LINE and not line.strip():
                    continue
                try:
                    row, values = _fix(line, columns)
                    if not 1 <= int(row) <= read:
                        raise _BadFixError(f"row {row} does not exist, the file has {read} rows")
                except _BadFixError as error:
                    raise RefusedFileError("bad_fixes", f"{place}: {error}") from error
                yield from ((place, None, [row, name, value]) for name, value in values.items())


def _fix(line: bytes, columns: Columns) -> tuple[str, dict[str, str]]:
    if len(line) == MAX_LINE:
        raise _BadFixError(f"longer than {MAX_LINE} bytes")
    try:
        fix = _DECODER.decode(line.decode("utf-8").strip(BLANKS))
    except (ValueError, RecursionError) as error:
        raise _BadFixError(f"not JSON: {str(error)[:SHOWN]}") from error
    if not isinstance(fix, dict) or set(fix) != {"row", "set"} or not isinstance(fix["set"], dict):
        raise _BadFixError('expected {"row": number, "set": {column: value}}')
    row = fix["row"]
    if not isinstance(row, str) or not row.isascii() or not row.isdigit() or len(row) > 18:
        raise _BadFixError(f"row {str(row)[:SHOWN]!r} is no row number")
    unknown = sorted(set(fix["set"]) - set(columns.all))
    if unknown:
        raise _BadFixError(f"there is no column {unknown[0][:SHOWN]!r}, only {', '.join(columns.all)}")
    return str(int(row)), {name: _text(name, value).strip(BLANKS) for name, value in fix["set"].items()}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise _BadFixError(f"the value of {name} is no text")
    return value


def _refuse_repeated(database: duckdb.DuckDBPyConnection, written: Path) -> None:
    found = database.execute(
        "select fix_row, max(raw) from (select fix_row, raw, regexp_extract(raw, ' of (.*)$', 1) as object"
        f" from read_parquet({literal(str(written))})) group by fix_row, object having count(distinct raw) > 1 limit 1"
    ).fetchone()
    if found is not None:
        raise RefusedFileError("bad_fixes", f"{found[1]}: row {found[0]} stands there twice")


def _mended(rows: str, written: str, columns: Columns) -> str:
    fixed = ", ".join(f"max(case when name = {literal(name)} then value end) as {quoted(name)}" for name in columns.all)
    values = ", ".join(
        f"case when f.fix_row is null then s.{name} when f.{name} is not null then f.{name}"
        f" when s.malformed is null then s.{name} end as {name}"
        for name in map(quoted, columns.all)
    )
    return (
        "with latest as (select cast(fix_row as bigint) as fix_row, name,"
        f" arg_max(coalesce(value, ''), row_number) as value from read_parquet({written}) group by all),"
        f" fixes as (select fix_row, {fixed} from latest group by fix_row)"
        f" select s.row_number, s.raw, case when f.fix_row is null then s.malformed end as malformed, {values}"
        f" from ({rows}) s left join fixes f on f.fix_row = s.row_number"
    )
