"""The task of a run: the dates that kpi computes, and the snapshot that it joins."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts import keys
from contracts.current_version import version_of
from contracts.documents import RunDocument
from contracts.results import ValidateResult
from jobs.context import JobContext, JobError
from kpi.current_files import CurrentFiles
from kpi.dates import reached_dates
from storage.store import read_json


@dataclass(frozen=True)
class Task:
    """The dates that validate's files reach, or, for a backfill, which has no files, exactly `dates`."""

    reference_version: str
    validated: ValidateResult | None
    dates: Sequence[str] = ()

    @property
    def file_ids(self) -> list[str]:
        return [file["file_id"] for file in self.validated["files"]] if self.validated else []

    def targets(self, files: CurrentFiles) -> list[str]:
        """Returns the dates to compute: those that the run's rows reach, and the rows that they replace."""
        if self.validated is None:
            return sorted(set(self.dates))
        documents = files.documents(self.file_ids)
        touched = set(self.validated["touched_dates"])
        for file in self.validated["files"]:
            document = documents.get(file["file_id"])
            version = version_of(document, file["version"]) if document else None
            if version and file["outcome"] == "validated":
                touched.update(version["touched_dates"])
        return reached_dates(touched)


def task_of(context: JobContext) -> Task:
    """Returns the task of the run. Raises JobError if validate has not committed and the run is no backfill."""
    key = keys.result_key(context.run_id, "validate")
    validated: ValidateResult | None = read_json(context.store, key)
    if validated is not None:
        return Task(validated["reference_version"], validated)
    run: RunDocument | None = read_json(context.store, keys.run_key(context.run_id))
    if run is None or not run["dates"] or run["reference_version"] is None:
        raise JobError(f"{key} is missing and {context.run_id} is no backfill; redrive validate before kpi.")
    return Task(run["reference_version"], None, run["dates"])
