"""Makes the SELECT that reads the rows of a file.

Its columns are row_number (null unless wanted: it costs a pass), raw, malformed (null, or why the row has no values),
and the columns of the kind of file as trimmed text, blank or null if absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict

from formats.columns import Columns
from formats.content import BLANKS
from sql.database import literal, quoted

_BLANKS = " || ".join(f"chr({ord(blank)})" for blank in BLANKS)


class Source(TypedDict, total=False):
    """How to read the rows of a file. It goes from ingest to validate inside IngestResult.

    `kind` is lines (a CSV file without quotes, split at commas), parquet (as it is, read once) or prepared (the Parquet
    file that ingest has written under `key`, formats/prepared.py).
    """

    kind: Literal["lines", "parquet", "prepared"]
    #: lines: how many fields a row has, and how many physical lines come before the first row.
    fields: int
    skip: int
    #: lines: canonical name → positions from 0. The first position with a value counts.
    positions: dict[str, list[int]]
    #: lines: the kinds of white space in the body beside line ends, so that others are not searched for.
    blanks: str
    #: parquet: canonical name → SQL expressions. The first one with a value counts.
    expressions: dict[str, list[str]]
    #: parquet: SQL for the row as JSON, and for why it is malformed (null if it is not).
    raw: str
    malformed: str
    key: str


@dataclass(frozen=True)
class FileRows:
    """The rows of one file: how they are read, and the local file."""

    source: Source
    path: Path

    def select(self, columns: Columns, numbered: bool = False) -> str:
        return select_rows(self.source, self.path, columns, numbered)


def trimmed(text: str, blanks: str = BLANKS) -> str:
    """Returns SQL for `text` without ASCII white space around it; `blanks` are the kinds of white space that may occur.

    DuckDB's trim is slow, so it is called only for texts that have some.
    """
    some = " or ".join([f"{text} < '!'", *(f"suffix({text}, chr({ord(blank)}))" for blank in blanks)])
    return f"case when {some} then trim({text}, {_BLANKS}) else {text} end"


def _value(candidates: Sequence[str]) -> str:
    if not candidates:
        return "cast(null as varchar)"
    *first, last = candidates
    return "".join(f"coalesce(nullif({text}, ''), " for text in first) + last + ")" * len(first)


def _values(given: Mapping[str, Sequence[str]], columns: Columns, blanks: str) -> str:
    """Returns the select list: for each column the first of its expressions that is not blank."""
    texts = {
        name: list(found) if name in columns.as_written else [trimmed(text, blanks) for text in found]
        for name, found in given.items()
    }
    return ", ".join(f"{_value(candidates)} as {quoted(name)}" for name, candidates in texts.items())


def lines(path: Path, skip: int, numbered: bool) -> str:
    """Returns the SELECT for the lines of a plain CSV body that are not blank: row_number, line.

    Row numbers need a database that keeps insertion order.
    """
    options = "header = false, auto_detect = false, delim = '\x1f', quote = '', escape = '', comment = ''"
    source = f"read_csv({literal(str(path))}, {options}, skip = {skip}, columns = {{'line': 'varchar'}})"
    number = "row_number() over ()" if numbered else "cast(null as bigint)"
    return f"select {number} as row_number, line from {source} where line >= '!' or trim(line, {_BLANKS}) <> ''"


def select_rows(source: Source, path: Path, columns: Columns, numbered: bool = False) -> str:
    """Returns the SELECT over the local file `path`: the prepared file for kind prepared, else the unpacked file."""
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
    positions = source["positions"]
    used = sorted({position for found in positions.values() for position in found})
    fields = ", ".join(f"f[{position + 1}] as f{position}" for position in used)
    given = {name: [f"f{position}" for position in positions.get(name, [])] for name in columns.all}
    values = _values(given, columns, source["blanks"])
    count = source["fields"]
    return (
        f"select row_number, line as raw, "
        f"case when found <> {count} then 'expected {count} fields, found ' || found end as malformed, {values} "
        f"from (select row_number, line, len(f) as found, {fields} from "
        f"(select row_number, line, string_split(line, ',') as f from ({lines(path, source['skip'], numbered)})))"
    )
