"""Reads CSV record by record, for files that cannot be split at commas.

RFC 4180, with additions for real files. A quote matters only at the start of a field. A quoted field may span lines. If
its quote is never closed, or text follows the closing quote, only its first physical line is malformed: reading
resumes at the next line.
"""

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from formats.content import BLANKS
from formats.rejection import RejectedFileError

#: A longer physical line or quoted field is malformed: no listen is that long, and memory must stay bounded.
MAX_RECORD = 1 << 20

_FIELD = re.compile(r'"([^"]*(?:""[^"]*)*)"(?=,|\Z)|([^",][^,]*|)(?=,|\Z)')
_QUOTED_START = re.compile(r'"[^"]*(?:""[^"]*)*')


class Record(NamedTuple):
    """One row as written, without its line end. `defect` says why it has no `fields`."""

    raw: str
    fields: list[str] | None
    defect: str | None


def physical_lines(file: BinaryIO) -> Iterator[str | Record]:
    """Yields lines without their line feed, and a Record for a line that is too long or not UTF-8.

    Raises RejectedFileError: not_text, for a NUL.
    """
    while line := file.readline(MAX_RECORD + 2):
        if b"\0" in line:
            raise RejectedFileError("not_text", "the file has NUL bytes: binary data, or text that is not UTF-8")
        whole = line.endswith(b"\n") or len(line) < MAX_RECORD + 2
        line = line.removesuffix(b"\n")
        if not whole:
            while (rest := file.readline(MAX_RECORD)) and not rest.endswith(b"\n"):
                pass
            cut = line[:MAX_RECORD].decode("utf-8", "backslashreplace")
            yield Record(cut, None, f"line longer than {MAX_RECORD} bytes (cut here)")
            continue
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            raw = line.removesuffix(b"\r").decode("utf-8", "backslashreplace")
            yield Record(raw, None, f"invalid UTF-8 at byte {error.start + 1} of the row")


def split(text: str) -> list[str] | str:
    """Returns the fields of one record, or what is wrong with it."""
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error:
        return _split_slowly(text)


def _split_slowly(text: str) -> list[str] | str:
    """Splits what the csv module rejects: a carriage return, a very long field, or a record that is malformed."""
    fields: list[str] = []
    at = 0
    while True:
        match = _FIELD.match(text, at)
        if match is None:
            quoted = _QUOTED_START.match(text, at)
            return "unclosed quote" if quoted is None or quoted.end() == len(text) else "text after a closing quote"
        fields.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        if match.end() == len(text):
            return fields
        at = match.end() + 1


class CsvRecords:
    """The records of an open CSV file from its current position on, without blank lines.

    Lines that were read in search of a closing quote and are no part of the record are read again.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._lines = physical_lines(file)
        self._again: list[str | Record] = []

    def __iter__(self) -> Iterator[Record]:
        while (line := self._next()) is not None:
            if isinstance(line, Record):
                yield line
            elif '"' in line:
                yield self._quoted(line)
            elif line.strip(BLANKS):
                line = line.removesuffix("\r")
                yield Record(line, line.split(","), None)

    def _next(self) -> str | Record | None:
        return self._again.pop() if self._again else next(self._lines, None)

    def _quoted(self, line: str) -> Record:
        first = line.removesuffix("\r")
        fields = split(first)
        if not isinstance(fields, str):
            return Record(first, fields, None)
        spanning = self._spanning(line) if fields == "unclosed quote" else None
        return spanning or Record(first, None, fields)

    def _spanning(self, first: str) -> Record | None:
        """Reads further lines until the open quote is closed; puts them back if it never is."""
        taken: list[str | Record] = []
        text = [first]
        size = len(first)
        while size <= MAX_RECORD and (line := self._next()) is not None:
            taken.append(line)
            if isinstance(line, Record):
                break
            text.append(line)
            size += len(line) + 1
            if '"' in line:
                raw = "\n".join(text).removesuffix("\r")
                fields = split(raw)
                if not isinstance(fields, str):
                    return Record(raw, fields, None)
                if fields != "unclosed quote":
                    break
        self._again.extend(reversed(taken))
        return None
