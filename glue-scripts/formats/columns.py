"""The columns of the three kinds of files (kpis.md, 3), and their positions in a header."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contracts.columns import stream_columns
from contracts.generated.lists import StreamColumn
from formats.content import BLANKS
from formats.rejection import RejectedFileError


@dataclass(frozen=True)
class Columns:
    """The columns of a kind of file: canonical name → further accepted names.

    A file has all `required` columns. Values are trimmed, except in the columns `as_written`.
    """

    required: Mapping[str, Sequence[str]]
    optional: Mapping[str, Sequence[str]]
    as_written: frozenset[str] = frozenset()

    @property
    def all(self) -> dict[str, Sequence[str]]:
        return {**self.required, **self.optional}


def columns_of(listed: Iterable[StreamColumn]) -> Columns:
    """Returns the columns of the list. An alias in another unit is a column of its own until its rows are validated."""
    required: dict[str, Sequence[str]] = {}
    optional: dict[str, Sequence[str]] = {}
    for column in listed:
        kind = required if column["required"] else optional
        kind[column["name"]] = [alias["name"] for alias in column["aliases"] if alias["unit"] is None]
        optional |= {alias["name"]: [] for alias in column["aliases"] if alias["unit"] is not None}
    return Columns(required, optional)


STREAM = columns_of(stream_columns())
SONGS = Columns(
    required={"track_id": [], "duration_ms": []},
    optional={"track_name": [], "artists": [], "popularity": [], "track_genre": [], "id": []},
    as_written=frozenset({"track_name", "artists"}),
)
USERS = Columns(required={"user_id": []}, optional={"user_country": []})


def plain_name(name: str) -> str:
    """Returns a column's name as names are compared: without white space around it, in lower case."""
    return name.strip(BLANKS).lower()


def locate(header: Sequence[str], columns: Columns) -> dict[str, list[int]]:
    """Returns canonical name → positions in `header`, the canonical name's first; absent columns are left out.

    Raises RejectedFileError: duplicate_column if a name occurs twice, missing_column if a required one is absent.
    """
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(header):
        positions.setdefault(plain_name(name), []).append(position)
    found: dict[str, list[int]] = {}
    for canonical, aliases in columns.all.items():
        for name in (canonical, *aliases):
            same = positions.get(name, [])
            if len(same) > 1:
                raise RejectedFileError("duplicate_column", f"the header has {len(same)} columns named {name}")
            found.setdefault(canonical, []).extend(same)
    missing = [canonical for canonical in columns.required if not found[canonical]]
    if missing:
        raise RejectedFileError("missing_column", _missing(missing, header, columns))
    return {canonical: same for canonical, same in found.items() if same}


def _missing(missing: Sequence[str], header: Sequence[str], columns: Columns) -> str:
    names = [" or ".join([name, *columns.all[name]]) for name in missing]
    found = ", ".join(repr(name.strip(BLANKS)[:100]) for name in header[:50])
    detail = f"no column {', no column '.join(names)}; found: {found}"
    for delimiter, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and delimiter in header[0]:
            return f"{detail}; the columns seem to be separated by {name}: separate them by commas"
    return detail
