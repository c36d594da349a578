"""Applies row patches: JSON lines `{"row": 12, "set": {"user_id": "26"}}` over the rows of one file.

Row numbers are those of the quarantine, columns have their canonical names. An empty or null value removes a value. A
malformed row has only the values that its patch sets. If several objects set a value, the later object counts.
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
from formats.relation import FileRows
from sql.database import literal, quoted

#: Bytes of a line of such an object: no patched listen is longer.
MAX_LINE = 1 << 20
#: Characters of a value that a message quotes.
QUOTED = 200

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


class _BadPatchError(Exception):
    """The line is no patch; the message says why."""


def apply_patches(
    database: duckdb.DuckDBPyConnection,
    rows: FileRows,
    read: int,
    patches: Sequence[tuple[str, Path]],
    columns: Columns,
    temp: Path,
) -> FileRows:
    """Returns the `read` rows of a file with their patches, as a prepared file.

    `database` keeps the order of rows; `patches` are keys and local copies of the objects, oldest first. Raises
    RejectedFileError: bad_patches.
    """
    values, target = temp / "patches.parquet", temp / "patched.parquet"
    write_prepared(database, _values(patches, columns, read), ["patch_row", "name", "value"], values)
    _reject_repeated(database, values)
    select = _patched(rows.select(columns, numbered=True), literal(str(values)), columns)
    database.execute(f"copy ({select}) to {literal(str(target))} (format parquet, compression zstd)")
    return FileRows({"kind": "prepared"}, target)


def _values(patches: Sequence[tuple[str, Path]], columns: Columns, read: int) -> Iterator[Row]:
    """Yields one row for each value that a patch sets, in order; `raw` is the line of the patch."""
    for key, path in patches:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(MAX_LINE), b""), 1):
                if len(line) < MAX_LINE and not line.strip():
                    continue
                try:
                    row, values = _parse(line, columns)
                    if not 1 <= int(row) <= read:
                        raise _BadPatchError(f"row {row} does not exist, the file has {read} rows")
                except _BadPatchError as error:
                    raise RejectedFileError("bad_patches", f"line {number} of {key}: {error}") from error
                yield from ((f"line {number} of {key}", None, [row, name, value]) for name, value in values.items())


def _parse(line: bytes, columns: Columns) -> tuple[str, dict[str, str]]:
    """Returns the row number of a patch and the values that it sets."""
    if len(line) == MAX_LINE:
        raise _BadPatchError(f"longer than {MAX_LINE} bytes")
    try:
        patch = _DECODER.decode(line.decode("utf-8").strip(BLANKS))
    except (ValueError, RecursionError) as error:
        raise _BadPatchError(f"not JSON: {str(error)[:QUOTED]}") from error
    if not isinstance(patch, dict) or set(patch) != {"row", "set"} or not isinstance(patch["set"], dict):
        raise _BadPatchError('expected {"row": number, "set": {column: value}}')
    row = patch["row"]
    if not isinstance(row, str) or not row.isascii() or not row.isdigit() or len(row) > 18:
        raise _BadPatchError(f"row {str(row)[:QUOTED]!r} is no row number")
    unknown = sorted(set(patch["set"]) - set(columns.all))
    if unknown:
        raise _BadPatchError(f"there is no column {unknown[0][:QUOTED]!r}, only {', '.join(columns.all)}")
    return str(int(row)), {name: _text(name, value).strip(BLANKS) for name, value in patch["set"].items()}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise _BadPatchError(f"the value of {name} is no text")
    return value


def _reject_repeated(database: duckdb.DuckDBPyConnection, values: Path) -> None:
    """Raises bad_patches if one object has several lines for a row."""
    found = database.execute(
        "select patch_row, max(raw) from (select patch_row, raw, regexp_extract(raw, ' of (.*)$', 1) as object"
        f" from read_parquet({literal(str(values))})) group by patch_row, object having count(distinct raw) > 1 limit 1"
    ).fetchone()
    if found is not None:
        raise RejectedFileError("bad_patches", f"{found[1]}: the object patches row {found[0]} twice")


def _patched(rows: str, values: str, columns: Columns) -> str:
    """Returns the SELECT for `rows` with the values of the Parquet file `values` in place of their own."""
    set_values = ", ".join(
        f"max(case when name = {literal(name)} then value end) as {quoted(name)}" for name in columns.all
    )
    patched_values = ", ".join(
        f"case when p.patch_row is null then r.{name} when p.{name} is not null then p.{name}"
        f" when r.malformed is null then r.{name} end as {name}"
        for name in map(quoted, columns.all)
    )
    return (
        "with latest as (select cast(patch_row as bigint) as patch_row, name,"
        f" arg_max(coalesce(value, ''), row_number) as value from read_parquet({values}) group by all),"
        f" patches as (select patch_row, {set_values} from latest group by patch_row)"
        f" select r.row_number, r.raw, case when p.patch_row is null then r.malformed end as malformed,"
        f" {patched_values}"
        f" from ({rows}) r left join patches p on p.patch_row = r.row_number"
    )
