"""music_streaming_erasure: erases one user's listens from bucket and table, in phases (docs/state.md, "Erasure").

Arguments: --run_id (the erasure's id) --attempt --bucket, --phase: find, rewrite or purge, and --table. The erasure's
request names the user. Every phase may be stopped anywhere and run again; its result is overwritten. The user's row in
reference/ stays: its owner puts a users file without it.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import duckdb

from contracts import keys
from contracts.documents import ErasedFile, ErasurePhase, ErasureRequest, ErasureResult
from erasure.locations import prefix_of
from erasure.person import Person
from erasure.plan import lines_of, make_plan, merge_plans, read_plan
from erasure.purge import Purger, items_of, obsolete_patches
from erasure.reprocessing import check_reprocessed, validated_before
from erasure.rewrite import Requester, Rewriter, check_finished
from erasure.search import Search
from jobs.context import JobContext, JobError, glue_job, instant
from load.table import Table
from sql.database import connect
from storage.store import encode

#: Under these prefixes are active runs, and what the next run will take.
ACTIVE_PREFIXES = (keys.ACTIVE_PREFIX, keys.PENDING_PREFIX, keys.REPLAYS_PREFIX)
DEFAULT_TABLE = "music_streaming_kpis"


def check_idle(context: JobContext) -> None:
    """Raises JobError if a run is active or about to start: it would write again what is to be erased."""
    for prefix in ACTIVE_PREFIXES:
        active = next(iter(context.store.list(prefix)), None)
        if active is not None:
            raise JobError(
                f"{active.key} says that work is under way; wait until all runs have ended, or redrive, then erase."
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
        """Finds the files with rows of the user, and counts the object versions that name the user or these rows."""
        search = self._search()
        hits = search.raw_hits()
        counts = Counter(prefix_of(hit.version.key) for hit in hits)
        search.each_derived(lambda version, _: counts.update([prefix_of(version.key)]))
        plan = read_plan(self._store, self._context.run_id) or []
        patches = obsolete_patches(search, plan, self._context.run_id)
        counts.update(prefix_of(version.key) for version in patches if not version.is_marker)
        counts.update({self._table_name: len(items_of(self._table, self._person.user_id))})
        self._write_result("find", lines_of(hits), search, counts)

    def rewrite(self) -> None:
        """Writes the plan before it touches the first file, because a clean file is not found again."""
        check_idle(self._context)
        search = self._search()
        hits = search.raw_hits()
        check_finished(hits)
        plan = merge_plans(read_plan(self._store, self._context.run_id) or [], make_plan(hits))
        self._write_result("rewrite", plan, search, Counter())
        requester = Requester(self._request["requested_by"], self._request["requested_at"])
        rewriter = Rewriter(search, self._database, self._context.run_id, requester)
        # The latest version of an object comes last: until then, a repeated attempt finds the object.
        for hit in sorted(hits, key=lambda hit: hit.version.is_latest):
            rewriter.clean(hit)
        counts = Counter(prefix_of(hit.version.key) for hit in hits)
        self._write_result("rewrite", rewriter.request_replays(plan), search, counts)

    def purge(self) -> None:
        """Removes the user from everything else, after the replays."""
        check_idle(self._context)
        plan = read_plan(self._store, self._context.run_id)
        if plan is None:
            raise JobError(f"erasure {self._context.run_id} has no result of rewrite; run that phase first.")
        search = self._search()
        check_reprocessed(search.contents.documents, plan, self._context.run_id)
        purger = Purger(search)
        purger.purge_derived()
        purger.delete(obsolete_patches(search, plan, self._context.run_id))
        items = items_of(self._table, self._person.user_id)
        self._table.forget(items)
        self._write_result("purge", plan, search, purger.counts + Counter({self._table_name: len(items)}))

    def _search(self) -> Search:
        return Search(self._store, self._database, self._context.temp / "erasing", self._person)

    @property
    def _table_name(self) -> str:
        return self._context.options.get("table", DEFAULT_TABLE)

    def _write_result(self, phase: ErasurePhase, files: list[ErasedFile], search: Search, counts: Counter[str]) -> None:
        result: ErasureResult = {
            "schema_version": 1,
            "erasure_id": self._context.run_id,
            "user_digest": self._person.digest,
            "phase": phase,
            "committed_at": instant(self._context.now()),
            "files": files,
            "dates": dates_of(files, search),
            "objects": {prefix: count for prefix, count in sorted(counts.items()) if count},
        }
        self._store.put(keys.erasure_result_key(self._context.run_id, phase), encode(result))
        self._context.log("erasure_phase", phase=phase, files=len(files), objects=result["objects"])


def dates_of(files: Iterable[ErasedFile], search: Search) -> list[str]:
    """Returns the dates with accepted rows of the files, as they were validated before the erasure."""
    documents = search.contents.documents
    before = [
        entry for line in files if (found := documents.get(line["file_id"])) for entry in validated_before(found, line)
    ]
    return sorted({date for entry in before for date in entry["dates"]})


def main(argv: list[str]) -> None:
    with glue_job(argv, "erasure", {"phase": "", "table": DEFAULT_TABLE}) as context:
        import boto3

        from load.table_dynamodb import DynamoDbTable

        table = DynamoDbTable(boto3.client("dynamodb"), context.options["table"])
        Erasure(context, table).run(context.options["phase"])


if __name__ == "__main__":
    main(sys.argv)
