"""What a run asks of kpi."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts import keys
from contracts.documents import RunDocument
from contracts.results import ValidateResult
from jobs.context import JobContext, JobError
from storage.store import read_json


@dataclass(frozen=True)
class Task:
    """What a run asks for: the dates that validate's files reach, or, for a backfill, which has no files, `dates`."""

    reference_version: str
    validated: ValidateResult | None
    dates: Sequence[str] = ()

    @property
    def file_ids(self) -> list[str]:
        return [file["file_id"] for file in self.validated["files"]] if self.validated else []


def task_of(context: JobContext) -> Task:
    """Raises JobError where validate has not committed and the run is no backfill."""
    key = keys.result_key(context.run_id, "validate")
    validated: ValidateResult | None = read_json(context.store, key)
    if validated is not None:
        return Task(validated["reference_version"], validated)
    run: RunDocument | None = read_json(context.store, keys.run_key(context.run_id))
    dates = run.get("dates") if run else None
    reference_version = run.get("reference_version") if run else None
    if not dates or reference_version is None:
        raise JobError(f"{key} is missing and {context.run_id} is no backfill; redrive validate before kpi.")
    return Task(reference_version, None, dates)
