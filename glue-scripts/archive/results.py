"""Copies what the jobs of a run wrote: validated rows and KPI objects."""

from archive.copies import Copied, copy_verified
from archive.run_version import RunVersion
from contracts import keys
from contracts.current_version import counts
from contracts.results import KpiResult
from storage.store import Store, in_parallel

#: Date → metric → key of the metric's object.
KpiKeys = dict[str, dict[str, str]]


class RowsMissingError(Exception):
    """A file's document names validated rows that do not exist."""

    def __init__(self, key: str, document_key: str) -> None:
        super().__init__(f"{key} is missing although {document_key} names it; nothing was deleted.")


def copy_rows(store: Store, run_id: str, found: RunVersion) -> list[Copied]:
    """Copies the version's validated rows, one object per date."""
    file_id, version = found.document["file_id"], found.version
    commit = version["committed_by"]
    if not counts(version) or commit is None:
        return []
    copies = []
    for date in version["dates"]:
        key = keys.validated_key(date, file_id, version["version"], commit)
        copied = copy_verified(store, key, keys.archived_rows_key(run_id, key))
        if copied is None:
            raise RowsMissingError(key, keys.file_key(file_id))
        copies.append(copied)
    return copies


def published_keys(kpi: KpiResult) -> KpiKeys:
    """Returns the keys of the objects that the run's kpi job published."""
    commit = f"{kpi['run_id']}-{kpi['attempt']}"
    return {
        found["date"]: {
            metric: keys.kpi_key(metric, found["date"], kpi["generation"], commit)
            for metric in found["items"]
            if found["published"]
        }
        for found in kpi["dates"]
    }


def copy_kpis(store: Store, prefix: str, kpi_keys: KpiKeys) -> dict[str, Copied | None]:
    """Copies KPI objects; None for one that load removed, because it found a newer generation."""
    wanted = [key for of_date in kpi_keys.values() for key in of_date.values()]
    copied = in_parallel(lambda key: copy_verified(store, key, f"{prefix}{key}"), wanted)
    return dict(zip(wanted, copied, strict=True))
