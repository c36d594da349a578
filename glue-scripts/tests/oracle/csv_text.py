"""Reads CSV: commas, doubled quotes, line ends LF or CRLF, line breaks inside quotes.

It works on bytes, so that invalid UTF-8 makes only its own row malformed.
"""

from collections.abc import Iterator

BLANK_BYTES = b" \t\n\r\f\v"


class BrokenRecordError(Exception):
    """The text does not parse as one record; the message says why."""


def _without_line_end(line: bytes) -> bytes:
    line = line.removesuffix(b"\n")
    return line.removesuffix(b"\r")


def _quoted(text: bytes, at: int) -> tuple[bytes, int]:
    """Returns the quoted field that opens at `at`, and the position after its closing quote."""
    out = bytearray()
    at += 1
    while True:
        end = text.find(b'"', at)
        if end < 0:
            raise BrokenRecordError("unclosed quote")
        out += text[at:end]
        if text[end + 1 : end + 2] != b'"':
            return bytes(out), end + 1
        out += b'"'
        at = end + 2


def _end_of_line(text: bytes, at: int) -> int:
    """Returns the position of the line end (LF, CRLF or the end of the text) at or after `at`."""
    end = text.find(b"\n", at)
    if end < 0:
        end = len(text)
    return end - 1 if end > at and text[end - 1 : end] == b"\r" else end


def _record(text: bytes) -> tuple[list[bytes], int]:
    """Returns the first record of `text` and the position of its line end."""
    fields: list[bytes] = []
    at = 0
    while True:
        if text[at : at + 1] == b'"':
            value, at = _quoted(text, at)
            end = _end_of_line(text, at)
            if at != end and text[at : at + 1] != b",":
                raise BrokenRecordError("text after a closing quote")
        else:
            end = _end_of_line(text, at)
            comma = text.find(b",", at, end)
            stop = end if comma < 0 else comma
            value, at = text[at:stop], stop
        fields.append(value)
        if at == end:
            return fields, at
        at += 1


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def records(data: bytes) -> Iterator[tuple[bytes, list[bytes] | str]]:
    """Yields every record: its raw text, and its fields or its defect. Blank lines are no records.

    If the record that begins on a line does not parse, or spans a line that is not UTF-8, only that physical line is
    malformed.
    """
    start = 0
    while start < len(data):
        newline = data.find(b"\n", start)
        after = len(data) if newline < 0 else newline + 1
        line = _without_line_end(data[start:after])
        if not line.strip(BLANK_BYTES):
            start = after
            continue
        if not _is_utf8(line):
            yield line, "not UTF-8"
        elif b'"' not in line:
            yield line, line.split(b",")
        else:
            try:
                fields, end = _record(data[start:])
                if not _is_utf8(data[start : start + end]):
                    raise BrokenRecordError("unclosed quote")
                yield data[start : start + end], fields
                newline = data.find(b"\n", start + end)
                after = len(data) if newline < 0 else newline + 1
            except BrokenRecordError as error:
                yield line, str(error)
        start = after
