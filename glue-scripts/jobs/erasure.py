"""music_streaming_erasure: takes one user's listens out of bucket and table, in phases (docs/state.md, "Erasure").

Arguments: --run_id (the erasure's id) --attempt --bucket, --phase: find, rewrite or purge, and --table. Whose listens
is told by the erasure's request alone. Every phase may be stopped anywhere and run again; its result is overwritten.
reference/ keeps the user's row: it is its owner's, who puts a users file without it.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import duckdb

from contracts import keys
from contracts.documents import ErasedFile, ErasurePhase, ErasureRequest, ErasureResult
from erasure.locations import prefix_of
from erasure.person import Person
from erasure.plan import merged, planned, to_plan, told, validated_before
from erasure.purge import Purger, check_reprocessed, items_of, leftovers
from erasure.rewrite import Asker, Rewriter, check_settled
from erasure.search import Search
from jobs.context import JobContext, JobError, glue_job, instant
from load.table import Table
from sql.database import connect
from storage.store import encode

#: What a run has in hand, or will soon.
IN_HAND = ("processed/active/", keys.PENDING_PREFIX, keys.REPLAYS_PREFIX)


def check_quiet(context: JobContext) -> None:
    """Raises JobError where a run is under way or about to be: it would write anew what is to go."""
    for prefix in IN_HAND:
        busy = next(iter(context.store.list(prefix)), None)
        if busy is not None:
            raise JobError(
                f"{busy.key} says that work is under way; wait until all is settled, or redrive, then erase."
            )


class Erasure:
    """One phase of one erasure."""

    def __init__(self, context: JobContext, table: Table) -> None:
        self._context = context
        self._store = context.store
        self._table = table
        self._request: ErasureRequest = context.must_read(keys.erasure_request_key(context.run_id))
        self._person = Person(self._request["user_id"])
        self._database: duckdb.DuckDBPyConnection = connect(context.memory_limit, context.temp, ordered=True)

    def run(self, phase: str) -> None:
        phases: Mapping[str, Callable[[], None]] = {"find": self.find, "rewrite": self.rewrite, "purge": self.purge}
        if phase not in phases:
            raise JobError(f"--phase {phase} is not known: choose one of {', '.join(phases)}.")
        phases[phase]()

    def find(self) -> None:
        """Which files hold rows of the user, and how many object versions name the user or are about those rows."""
        search = self._search()
        hits = search.raw_hits()
        counts = Counter(prefix_of(hit.version.key) for hit in hits)
        search.each_derived(lambda version, _: counts.update([prefix_of(version.key)]))
        lines = planned(self._store, self._context.run_id) or []
        rest = leftovers(search, lines, self._context.run_id)
        counts.update(prefix_of(version.key) for version in rest if not version.is_marker)
        counts.update({self._table_name: len(items_of(self._table, self._person.user_id))})
        self._tell("find", told(hits), search, counts)

    def rewrite(self) -> None:
        """The plan is written down before the first file is touched: what is clean already is not found again."""
        check_quiet(self._context)
        search = self._search()
        hits = search.raw_hits()
        check_settled(hits)
        lines = merged(planned(self._store, self._context.run_id) or [], to_plan(hits))
        self._tell("rewrite", lines, search, Counter())
        asker = Asker(self._request["requested_by"], self._request["requested_at"])
        rewriter = Rewriter(search, self._database, self._context.run_id, asker)
        # The current version last: until then it can be seen that there is something to do.
        for hit in sorted(hits, key=lambda hit: hit.version.is_latest):
            rewriter.clean(hit)
        counts = Counter(prefix_of(hit.version.key) for hit in hits)
        self._tell("rewrite", rewriter.ask(lines), search, counts)

    def purge(self) -> None:
        check_quiet(self._context)
        lines = planned(self._store, self._context.run_id)
        if lines is None:
            raise JobError(f"erasure {self._context.run_id} has no result of rewrite; run that phase first.")
        search = self._search()
        check_reprocessed(search.places.documents, lines, self._context.run_id)
        purger = Purger(search)
        purger.derived()
        purger.delete(leftovers(search, lines, self._context.run_id))
        left = items_of(self._table, self._person.user_id)
        self._table.forget(left)
        self._tell("purge", lines, search, purger.counts + Counter({self._table_name: len(left)}))

    def _search(self) -> Search:
        return Search(self._store, self._database, self._context.temp / "erasing", self._person)

    @property
    def _table_name(self) -> str:
        return self._context.options.get("table", "music_streaming_kpis")

    def _tell(self, phase: ErasurePhase, lines: list[ErasedFile], search: Search, counts: Counter[str]) -> None:
        result: ErasureResult = {
            "schema_version": 1,
            "erasure_id": self._context.run_id,
            "user_digest": self._person.digest,
            "phase": phase,
            "committed_at": instant(self._context.now()),
            "files": lines,
            "dates": dates_of(lines, search),
            "objects": {prefix: count for prefix, count in sorted(counts.items()) if count},
        }
        self._store.put(keys.erasure_result_key(self._context.run_id, phase), encode(result))
        self._context.log("erasure_phase", phase=phase, files=len(lines), objects=result["objects"])


def dates_of(lines: Iterable[ErasedFile], search: Search) -> list[str]:
    """Dates with accepted rows of the files, as they were validated before."""
    documents = search.places.documents
    before = [
        entry for line in lines if (found := documents.get(line["file_id"])) for entry in validated_before(found, line)
    ]
    return sorted({date for entry in before for date in entry["dates"]})


def main(argv: list[str]) -> None:
    with glue_job(argv, "erasure", {"phase": "", "table": "music_streaming_kpis"}) as context:
        import boto3

        from load.table_dynamodb import DynamoDbTable

        table = DynamoDbTable(boto3.client("dynamodb"), context.options["table"])
        Erasure(context, table).run(context.options["phase"])


if __name__ == "__main__":
    main(sys.argv)
