"""docs/extend.md, "A threshold per source": its blocks, put into the job, decide which files are put on hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from support.extend_page import ROOT, blocks
from support.world import World

from contracts import keys
from jobs.context import JobContext
from storage.store import read_json

GOOD, BAD = "u1,t1,2018-11-15 10:00:0{}\n", "nobody,t1,2018-11-15 10:00:00\n"
BODY = ("user_id,track_id,listen_time\n" + "".join(GOOD.format(n) for n in range(4)) + BAD).encode()


def job_of_the_page() -> ModuleType:
    """Returns jobs/validate.py with the page's function, and with the page's `main` in place of its own."""
    function, main = blocks("A threshold per source", "python")
    source = (ROOT / "glue-scripts/jobs/validate.py").read_text(encoding="utf-8")
    head, rest = source.split("def main(", 1)
    job = ModuleType("validate")
    exec(f"{head}{function}\n\n{main}\n\n{rest[rest.index('def ') :]}", vars(job))
    return job


def test_a_stricter_threshold_holds_the_files_of_its_source_only(known: World) -> None:
    run_id = known.create_run(known.put("partner/a.csv", BODY), known.put("own.csv", BODY))
    known.ingest(run_id)

    @contextmanager
    def here(_argv: list[str], stage: str, _defaults: dict[str, str]) -> Iterator[JobContext]:
        yield known.context(stage, run_id)

    job = job_of_the_page()
    vars(job)["glue_job"] = here
    job.main([])

    result = read_json(known.store, keys.result_key(run_id, "validate"))
    outcomes = {file["key"]: file["outcome"] for file in result["files"]}
    assert outcomes == {"streams/partner/a.csv": "held", "streams/own.csv": "validated"}
