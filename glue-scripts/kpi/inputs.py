"""Everything that a run's dates are computed from, as local files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts import keys
from kpi.current_files import CurrentFiles, DateRows
from kpi.dates import dates_to_read
from storage.local_copies import SMALL_ROWS, Wanted, fetch
from storage.store import Store

#: DuckDB's row group: the smallest share of a table that a thread takes. For less, more threads only cost.
ROWS_OF_THREAD = 122_880


@dataclass(frozen=True)
class DateInput:
    """The accepted rows of one date, by the bytes of the files' keys. `paths` are their local objects."""

    date: str
    files: list[DateRows]
    paths: list[Path]

    @property
    def rows(self) -> int:
        return sum(found.rows for found in self.files)


@dataclass(frozen=True)
class Inputs:
    """The targets and the dates that they look back to, in order, and the snapshot's files."""

    targets: Sequence[str]
    dates: Mapping[str, DateInput]
    tracks: Path
    users: Path

    @property
    def threads(self) -> int | None:
        """How many threads are worth it: one if every date is small, else all cores."""
        return 1 if all(found.rows <= ROWS_OF_THREAD for found in self.dates.values()) else None


def read_inputs(
    store: Store, files: CurrentFiles, targets: Sequence[str], reference_version: str, temp: Path
) -> Inputs:
    """Copies the rows of all dates that the targets need, and the snapshot."""
    dates = dates_to_read(targets)
    rows = files.rows(dates)
    paths = fetch(store, [Wanted(found.key, found.rows <= SMALL_ROWS) for found in rows], temp)
    tables = [keys.snapshot_key(reference_version, table) for table in ("tracks", "users")]
    tracks, users = fetch(store, [Wanted(key, is_small=False) for key in tables], temp)
    found = {date: DateInput(date, [], []) for date in dates}
    for of_file, path in zip(rows, paths, strict=True):
        found[of_file.date].files.append(of_file)
        found[of_file.date].paths.append(path)
    return Inputs(targets, found, tracks, users)
