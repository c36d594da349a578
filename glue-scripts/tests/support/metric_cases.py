"""Reads Markdown files of given and expected tables (tests/unit/kpi/cases).

A file begins with the tables `Songs:`, `Users:` and `Rows:`. Each section of the second level is a case: tables of
metrics, such as `top_genres:` or `trending_24h at 2018-11-15T11:00:00Z:`, with the columns that the case is about.
An empty cell is null.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

Line = dict[str, str]
_NAME = re.compile(r"^(\w+)(?: at (\S+))?:$")


@dataclass(frozen=True)
class Table:
    """A table of a Markdown file. `as_of` restricts an expected table to one hour."""

    name: str
    as_of: str | None
    columns: list[str]
    lines: list[Line]


@dataclass(frozen=True)
class Cases:
    """The given tables of a file by name, and its cases by title."""

    given: dict[str, list[Line]]
    expected: dict[str, list[Table]]


def read_cases(path: Path) -> Cases:
    """Returns the tables of one file."""
    first, *sections = path.read_text(encoding="utf-8").split("\n## ")
    titled = (section.partition("\n") for section in sections)
    given = {table.name.lower(): table.lines for table in _tables(first)}
    return Cases(given, {title: _tables(body) for title, _, body in titled})


def _tables(text: str) -> list[Table]:
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", text.strip())]
    found = []
    for above, block in pairwise(blocks):
        name = _NAME.match(above[-1])
        if name and block[0].startswith("|"):
            columns, _, *lines = [_cells(line) for line in block]
            found.append(Table(name[1], name[2], columns, [dict(zip(columns, line, strict=True)) for line in lines]))
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
