"""Reads JSON lines row by row. Each line is one object; numbers keep their written text."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from formats.columns import Columns, plain_name
from formats.content import BLANKS
from formats.csv_records import Record, physical_lines

Row = tuple[str, str | None, Sequence[str | None]]


class _MalformedError(Exception):
    """The line is no row; the message says why."""


def _reject_constant(name: str) -> Any:
    raise _MalformedError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_reject_constant)


class JsonRecords:
    """The rows of an open JSON lines file as (raw, defect, values in the order of `columns`)."""

    def __init__(self, file: BinaryIO, columns: Columns) -> None:
        self._file = file
        self._names = [(canonical, [canonical, *aliases]) for canonical, aliases in columns.all.items()]
        self._wanted = {name for _, names in self._names for name in names}
        self._as_written = columns.as_written
        self._plain: dict[str, str] = {}

    def __iter__(self) -> Iterator[Row]:
        for line in physical_lines(self._file):
            if isinstance(line, Record):
                yield line.raw, line.defect, ()
            elif line.strip(BLANKS):
                yield self._row(line.removesuffix("\r"))

    def _row(self, line: str) -> Row:
        try:
            given = self._given(line)
        except _MalformedError as error:
            return line, str(error), ()
        except RecursionError:
            return line, "nested too deeply", ()
        except ValueError as error:
            return line, f"not JSON: {error}", ()
        return line, None, [_first(given, names) for _, names in self._names]

    def _given(self, line: str) -> dict[str, str]:
        row = _DECODER.decode(line.strip(BLANKS))
        if not isinstance(row, dict):
            raise _MalformedError("not a JSON object")
        given: dict[str, str] = {}
        for key, value in row.items():
            name = self._plain.get(key)
            if name is None:
                name = self._plain_name(key)
            if name not in self._wanted:
                continue
            if name in given:
                raise _MalformedError(f"the row has column {name} twice")
            text = _text(name, value)
            given[name] = text if name in self._as_written else text.strip(BLANKS)
        return given

    def _plain_name(self, key: str) -> str:
        name = plain_name(key)
        if len(self._plain) < 10_000:
            self._plain[key] = name
        return name


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        if "\0" in value or not _is_unicode(value):
            raise _MalformedError(f"{name} has a character that is no text")
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    raise _MalformedError(f"nested value in {name}")


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _first(given: dict[str, str], names: Sequence[str]) -> str | None:
    """Returns the first value that is not blank; the canonical name is before its aliases."""
    return next((given[name] for name in names if given.get(name)), None)
