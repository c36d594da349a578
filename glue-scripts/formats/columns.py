"""Which columns the three kinds of files have (kpis.md, Inputs), and where a file keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formats.content import BLANKS
from formats.rejection import RejectedFileError


@dataclass(frozen=True)
class Columns:
    """Canonical name → further accepted names. `required` ones must be there, under either name.

    Values are trimmed, except in the columns `as_written`.
    """

    required: Mapping[str, Sequence[str]]
    optional: Mapping[str, Sequence[str]]
    as_written: frozenset[str] = frozenset()

    @property
    def all(self) -> dict[str, Sequence[str]]:
        return {**self.required, **self.optional}


#: `duration` (seconds) also tells ms_played, but in another unit: it stays a column of its own until a row is validated.
STREAM = Columns(
    required={"user_id": [], "track_id": ["song_id"], "listen_time": ["timestamp"]},
    optional={"event_id": ["stream_id"], "ms_played": [], "duration": [], "completed": [], "device_type": []},
)
SONGS = Columns(
    required={"track_id": [], "duration_ms": []},
    optional={"track_name": [], "artists": [], "popularity": [], "track_genre": [], "id": []},
    as_written=frozenset({"track_name", "artists"}),
)
USERS = Columns(required={"user_id": []}, optional={"user_country": []})


def plain_name(name: str) -> str:
    """A column's name as it is compared: without white space around it, in lower case."""
    return name.strip(BLANKS).lower()


def locate(header: Sequence[str], columns: Columns) -> dict[str, list[int]]:
    """Canonical name → positions in `header` that may hold it, the canonical one first; absent ones are left out.

    Raises RejectedFileError: duplicate_column for a wanted name that stands twice, missing_column for a required one.
    """
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(header):
        positions.setdefault(plain_name(name), []).append(position)
    found: dict[str, list[int]] = {}
    for canonical, aliases in columns.all.items():
        for name in (canonical, *aliases):
            places = positions.get(name, [])
            if len(places) > 1:
                raise RejectedFileError("duplicate_column", f"column {name} stands {len(places)} times in the header")
            found.setdefault(canonical, []).extend(places)
    missing = [canonical for canonical in columns.required if not found[canonical]]
    if missing:
        raise RejectedFileError("missing_column", _missing(missing, header, columns))
    return {canonical: places for canonical, places in found.items() if places}


def _missing(missing: Sequence[str], header: Sequence[str], columns: Columns) -> str:
    names = [" or ".join([name, *columns.all[name]]) for name in missing]
    found = ", ".join(repr(name.strip(BLANKS)[:100]) for name in header[:50])
    told = f"no column {', no column '.join(names)}; found: {found}"
    for delimiter, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and delimiter in header[0]:
            return f"{told}; the columns seem to be separated by {called}: separate them by commas"
    return told
