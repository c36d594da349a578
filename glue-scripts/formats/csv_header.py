"""Reads the header of a CSV file, and decides whether its body can be split at commas."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from formats.content import BLANKS, BOM, CHUNK
from formats.csv_records import MAX_RECORD, split
from formats.rejection import RejectedFileError

#: White space that may surround a field and is no part of a line end.
_INNER = " \t\v\f"


@dataclass(frozen=True)
class Header:
    """Column names as written. The body begins at byte `body`, after `lines` physical lines."""

    names: list[str]
    body: int
    lines: int


def read_header(path: Path) -> Header:
    """Reads the first line that is not blank. Raises RejectedFileError: empty_file, not_text."""
    with path.open("rb") as file:
        if file.read(len(BOM)) != BOM:
            file.seek(0)
        lines = 0
        while line := file.readline(MAX_RECORD):
            lines += 1
            try:
                text = line.decode("utf-8").strip("\r\n")
            except UnicodeDecodeError as error:
                raise RejectedFileError("not_text", f"the header is not UTF-8 ({error.reason})") from error
            if text.strip(BLANKS):
                names = split(text)
                return Header(names if isinstance(names, list) else text.split(","), file.tell(), lines)
    raise RejectedFileError("empty_file", "the file has only blank lines")


def plain_blanks(path: Path, header: Header) -> str | None:
    """Returns the white space in the body, without line ends, if each line can be split at commas; else None.

    The body is then UTF-8 without quotes, NULs and unit separators, which the engine takes for delimiters. It has one
    kind of line end from the header on, and no line of 2 MiB. Other files are read record by record.
    """
    utf8 = codecs.getincrementaldecoder("utf-8")()
    last = b""
    blanks = set()
    with path.open("rb") as file:
        head = file.read(header.body)
        feeds, returns, pairs = head.count(b"\n"), head.count(b"\r"), head.count(b"\r\n")
        while chunk := file.read(CHUNK):
            found = chunk.count(b"\n")
            if b'"' in chunk or b"\0" in chunk or b"\x1f" in chunk or (found == 0 and len(chunk) == CHUNK):
                return None
            feeds += found
            blanks |= {blank for blank in _INNER if blank not in blanks and blank.encode() in chunk}
            if b"\r" in chunk or last == b"\r":
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            if not _decodes(utf8, chunk):
                return None
            last = chunk[-1:]
    one_end = returns == 0 or (returns == pairs == feeds)
    return "".join(sorted(blanks)) if one_end and not utf8.getstate()[0] else None


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    if chunk.isascii() and not decoder.getstate()[0]:
        return True
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True
