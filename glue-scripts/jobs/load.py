"""music_streaming_dynamodb_load: makes the table equal to the published KPIs of the run's dates."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from contracts.metrics import Metric, metrics
from contracts.results import KpiResult, LoadDate, LoadResult
from jobs.context import JobContext, glue_job, instant
from load.date_loader import DateLoader
from load.table import Table
from spread.engine import check_engine
from sql.session import Session

#: Dates written at a time. One date's writes follow each other, because all of them touch its header.
PARALLEL_DATES = 4


def run(context: JobContext, table: Table, known: Sequence[Metric] | None = None) -> None:
    """Loads every date of the kpi result. Does nothing if this stage's result is committed."""
    if context.is_committed():
        return
    check_engine(context.engine)
    computed: KpiResult = context.predecessor_result()
    dates = [found["date"] for found in computed["dates"]]

    def load_some(part: list[str]) -> list[LoadDate]:
        temp = context.temp / part[0]
        with Session(context.memory_limit, temp, threads=1) as session:

            def now() -> str:
                return instant(context.now())

            loader = DateLoader(context.store, table, session, known or metrics(), temp, now, context.log)
            return [loader.load(date) for date in part]

    parts = [dates[first::PARALLEL_DATES] for first in range(min(PARALLEL_DATES, len(dates)))]
    with ThreadPoolExecutor(max_workers=PARALLEL_DATES) as pool:
        loaded = [found for part in pool.map(load_some, parts) for found in part]
    result: LoadResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "dates": sorted(loaded, key=lambda found: found["date"]),
    }
    context.log("loaded", items=sum(found["written"] for found in loaded), dates=len(loaded))
    context.commit(result)


def main(argv: list[str]) -> None:
    with glue_job(argv, "load", {"table": "music_streaming_kpis"}) as context:
        import boto3
        from botocore.config import Config

        from load.table_dynamodb import DynamoDbTable

        settings = Config(retries={"mode": "standard", "max_attempts": 5}, max_pool_connections=16)
        run(context, DynamoDbTable(boto3.client("dynamodb", config=settings), context.options["table"]))


if __name__ == "__main__":
    main(sys.argv)
