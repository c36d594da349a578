"""music_streaming_validation: validates each row of the run's files; writes accepted and quarantined rows.

--held_threshold (0.5): a file with a larger share of quarantined rows is put on hold. A replay is validated with the
row patches and the snapshots of its predecessors too.
"""

import sys
from collections.abc import Callable
from fractions import Fraction
from functools import partial

from contracts import keys
from contracts.documents import ReferenceDocument
from contracts.results import IngestFile, IngestResult, ValidateFile, ValidateResult
from jobs.context import JobContext, JobError, glue_job, instant
from jobs.file_validation import FileValidation, ValidatedFile
from spread.local import over_files
from storage.store import in_parallel, read_json
from validation.replay_requests import ReplayRequests, Requester
from validation.unknown import has_unknown, unmark
from validation.version import VersionValidator

#: Files of at least this size are validated one at a time, so that their memory does not add up.
LARGE = 64 * 1024 * 1024
#: Small files at once, to hide the store's latency; the engine's own threads use the cores.
SMALL_AT_ONCE = 4
#: The job's own options, see above.
DEFAULTS = {"held_threshold": "0.5"}


def main(argv: list[str]) -> None:
    with glue_job(argv, "validate", DEFAULTS) as context:
        run(context)


def held_threshold(context: JobContext) -> Fraction:
    """Returns the share of quarantined rows above which a file is put on hold: the deployment's setting."""
    return Fraction(context.options.get("held_threshold", DEFAULTS["held_threshold"]))


def run(context: JobContext, threshold_of: Callable[[str], Fraction] | None = None) -> None:
    """Validates the run. Raises JobError if ingest's result is missing or a ledger does not balance.

    `threshold_of` gives the share of quarantined rows above which the file of a key is put on hold.
    """
    if context.is_committed():
        return
    ingested: IngestResult = context.predecessor_result()
    reference = ingested["reference_version"]
    if reference is None:
        raise JobError(f"run {context.run_id} pins no reference snapshot; only ingest may leave it so, with no file.")
    validator = VersionValidator(context.store, context.temp, context.memory_limit, reference)
    default = held_threshold(context)
    work = FileValidation(context, validator, threshold_of or (lambda _key: default))
    done = _validate_all(work, [file for file in ingested["files"] if file["outcome"] == "prepared"])
    entries = [file.entry for file in done]
    _request_replays(context, validator, entries)
    result: ValidateResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "reference_version": reference,
        "files": entries,
        "touched_dates": sorted({date for file in done for date in file.touched_dates}),
    }
    context.commit(result)


def _validate_all(work: FileValidation, files: list[IngestFile]) -> list[ValidatedFile]:
    """Validates each file, the large ones one at a time; returns their outcomes in the order of `files`."""
    large = [file for file in files if file["size"] >= LARGE]
    small = [file for file in files if file["size"] < LARGE]
    done = {file["file_id"]: work.validate(file) for file in large}
    done |= zip((file["file_id"] for file in small), over_files(work.validate, small, SMALL_AT_ONCE), strict=True)
    return [done[file["file_id"]] for file in files]


def _request_replays(context: JobContext, validator: VersionValidator, done: list[ValidateFile]) -> None:
    """Requests replays for a snapshot that was built meanwhile; removes the marks of files without unknown rows."""
    newest: ReferenceDocument | None = read_json(context.store, keys.REFERENCE_KEY)
    files = [file["file_id"] for file in done if file["version"] > 1 or has_unknown(file["ledger"])]
    if newest is not None and newest["reference_version"] is not None:
        requester = Requester(context.stage, instant(context.now()))
        temp = context.temp / "unknown"
        requests = ReplayRequests(context.store, validator.scans, temp, newest["reference_version"], requester)
        context.log("replays_requested", reference_version=newest["reference_version"], files=requests.request(files))
    in_parallel(partial(unmark, context.store), files)


if __name__ == "__main__":
    main(sys.argv)
