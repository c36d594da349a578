"""music_streaming_kpi_computation: recomputes every date that a run reaches, whole, and publishes it.

A backfill, whose run.json names dates and a snapshot, has exactly these computed again.
"""

import sys

from contracts import keys
from contracts.results import KpiResult
from jobs.context import JobContext, JobError, glue_job, instant
from jobs.kpi_task import task_of
from kpi.compute import Computation, ComputedDate
from kpi.current_files import CurrentFiles
from kpi.generation import draw_generation
from kpi.inputs import read_inputs
from kpi.ledger import balances
from kpi.publish import Publisher
from kpi.rules import Rules
from spread.engine import check_engine
from sql.session import Session


def run(context: JobContext, rules: Rules | None = None) -> None:
    """Computes and publishes the dates of the run. Does nothing if its result is committed."""
    if context.is_committed():
        return
    check_engine(context.engine)
    task = task_of(context)
    # Drawn before anything is listed: whoever lists later has the higher generation.
    generation = draw_generation(context.store)
    files = CurrentFiles(context.store, task.file_ids)
    targets = task.targets(files)
    context.log("targets", generation=generation, dates=targets)
    inputs = read_inputs(context.store, files, targets, task.reference_version, context.temp)
    with Session(context.memory_limit, context.temp, inputs.threads) as session:
        computed = Computation(session, rules or Rules(), inputs, context.temp / "kpis").run()
    for found in computed:
        _check_balance(found)
        context.log("computed", date=found.date, ledger=found.ledger)
    names = (context.run_id, context.commit_name, task.reference_version, instant(context.now()))
    published = Publisher(context.store, generation, *names).publish(computed)
    result: KpiResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "reference_version": task.reference_version,
        "generation": generation,
        "dates": published,
    }
    context.commit(result)


def _check_balance(found: ComputedDate) -> None:
    """Raises JobError if the date's rows do not add up: then nothing of the run is published."""
    if not balances(found.ledger):
        raise JobError(
            f"The ledger of {found.date} does not balance ({found.ledger}): compare its files' documents with their"
            f" objects under {keys.validated_date_prefix(found.date)}, then redrive kpi."
        )


def main(argv: list[str]) -> None:
    with glue_job(argv, "kpi") as context:
        run(context)


if __name__ == "__main__":
    main(sys.argv)
