"""Copies everything that a run produced."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.copies import Copied
from archive.raw_files import ArchivedRaw, copy_raw, newest_versions
from archive.results import KpiKeys, copy_kpis, copy_rows
from archive.run_version import RunVersion
from contracts import keys
from storage.store import Store, in_parallel


@dataclass(frozen=True)
class RunCopies:
    """A run's objects in the archive: one entry per version in `raw_files` and `rows`, one per object in `kpis`."""

    raw_files: list[ArchivedRaw | None]
    rows: list[list[Copied]]
    kpis: dict[str, Copied | None]

    @property
    def objects(self) -> int:
        """How many objects the run has in the archive, without raw files that an earlier run archived."""
        moved = sum(raw is not None and raw.moved for raw in self.raw_files)
        return moved + sum(map(len, self.rows)) + sum(copied is not None for copied in self.kpis.values())


def copy_run(store: Store, run_id: str, versions: Sequence[RunVersion], kpi_keys: KpiKeys) -> RunCopies:
    """Copies raw files, validated rows and KPI objects, and verifies each copy."""
    newest = newest_versions(versions)
    return RunCopies(
        in_parallel(lambda found: copy_raw(store, run_id, newest, found), versions),
        in_parallel(lambda found: copy_rows(store, run_id, found), versions),
        copy_kpis(store, keys.archive_prefix(run_id), kpi_keys),
    )
