"""What a prepared file is to SQL: a SELECT with one row per row of the file.

Columns: row_number (null where it is not asked for and costs a pass), raw, malformed (null, or why the row has no
values), then the columns of the kind of file as trimmed text, blank or null where absent. `Source` travels from
ingest to validate inside IngestResult; nothing else looks into it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypedDict

from formats.columns import Columns
from formats.content import BLANKS
from sql.database import literal, quoted

_BLANKS = " || ".join(f"chr({ord(blank)})" for blank in BLANKS)


class Source(TypedDict, total=False):
    """How to read a file. `kind` lines: a CSV without quotes, split at commas · parquet: as it lies, once ·
    prepared: the Parquet file that ingest wrote of it (formats/prepared.py), under `key`."""

    kind: Literal["lines", "parquet", "prepared"]
    #: lines: how many fields a row has, and how many physical lines stand before the first row.
    fields: int
    skip: int
    #: lines: canonical name → positions from 0; parquet: canonical name → SQL expressions; the first not blank counts.
    places: dict[str, list[int]]
    #: lines: the kinds of white space in the body, blanks aside; files without tabs are spared looking for them.
    blanks: str
    expressions: dict[str, list[str]]
    #: parquet: the row as JSON, and why it is malformed (null: it is not), as SQL.
    raw: str
    malformed: str
    key: str


def trimmed(text: str, blanks: str = BLANKS) -> str:
    """SQL for `text` without ASCII white space around it. DuckDB's trim is slow, so only where there is some.

    `blanks` are the kinds of white space that may occur.
    """
    some = " or ".join([f"{text} < '!'", *(f"suffix({text}, chr({ord(blank)}))" for blank in blanks)])
    return f"case when {some} then trim({text}, {_BLANKS}) else {text} end"


def _value(candidates: Sequence[str]) -> str:
    if not candidates:
        return "cast(null as varchar)"
    *first, last = candidates
    return "".join(f"coalesce(nullif({text}, ''), " for text in first) + last + ")" * len(first)


def _values(given: Mapping[str, Sequence[str]], columns: Columns, blanks: str) -> str:
    """The select list: for each column the first of its expressions that is not blank."""
    texts = {
        name: list(found) if name in columns.as_written else [trimmed(text, blanks) for text in found]
        for name, found in given.items()
    }
    return ", ".join(f"{_value(candidates)} as {quoted(name)}" for name, candidates in texts.items())


def lines(path: Path, skip: int, numbered: bool) -> str:
    """The lines of a plain CSV body that are not blank: row_number, line. Numbers need insertion order to be kept."""
    options = "header = false, auto_detect = false, delim = '\x1f', quote = '', escape = '', comment = ''"
    source = f"read_csv({literal(str(path))}, {options}, skip = {skip}, columns = {{'line': 'varchar'}})"
    number = "row_number() over ()" if numbered else "cast(null as bigint)"
    return f"select {number} as row_number, line from {source} where line >= '!' or trim(line, {_BLANKS}) <> ''"


def select_rows(source: Source, path: Path, columns: Columns, numbered: bool = False) -> str:
    """The SELECT over the local file `path`: for kind prepared the prepared file, else the unpacked file itself."""
    if source["kind"] == "lines":
        return _select_lines(source, path, columns, numbered)
    if source["kind"] == "prepared":
        names = ", ".join(quoted(name) for name in columns.all)
        return f"select row_number, raw, malformed, {names} from read_parquet({literal(str(path))})"
    given = source["expressions"]
    values = _values({name: given.get(name, []) for name in columns.all}, columns, BLANKS)
    scan = f"read_parquet({literal(str(path))}, file_row_number = true, hive_partitioning = false)"
    return (
        f"select file_row_number + 1 as row_number, {source['raw']} as raw, "
        f"{source['malformed']} as malformed, {values} from {scan}"
    )


def _select_lines(source: Source, path: Path, columns: Columns, numbered: bool) -> str:
    places = source["places"]
    used = sorted({place for found in places.values() for place in found})
    fields = ", ".join(f"f[{place + 1}] as f{place}" for place in used)
    values = _values({n: [f"f{place}" for place in places.get(n, [])] for n in columns.all}, columns, source["blanks"])
    count = source["fields"]
    return (
        f"select row_number, line as raw, "
        f"case when found <> {count} then 'expected {count} fields, found ' || found end as malformed, {values} "
        f"from (select row_number, line, len(f) as found, {fields} from "
        f"(select row_number, line, string_split(line, ',') as f from ({lines(path, source['skip'], numbered)})))"
    )
