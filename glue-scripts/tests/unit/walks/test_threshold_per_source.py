"""docs/extend.md, "A threshold per source": its function decides which files are put on hold."""

from fractions import Fraction
from typing import Any

from support.extend_page import blocks
from support.world import World

from contracts import keys
from jobs import validate
from storage.store import read_json

GOOD, BAD = "u1,t1,2018-11-15 10:00:0{}\n", "nobody,t1,2018-11-15 10:00:00\n"
BODY = ("user_id,track_id,listen_time\n" + "".join(GOOD.format(n) for n in range(4)) + BAD).encode()


def test_a_stricter_threshold_holds_the_files_of_its_source_only(known: World) -> None:
    (block,) = blocks("A threshold per source", "python")
    names: dict[str, Any] = {}
    exec(block, names)
    run_id = known.create_run(known.put("partner/a.csv", BODY), known.put("own.csv", BODY))
    known.ingest(run_id)
    validate.run(known.context("validate", run_id), names["by_source"](Fraction(1, 2)))
    result = read_json(known.store, keys.result_key(run_id, "validate"))
    outcomes = {file["key"]: file["outcome"] for file in result["files"]}
    assert outcomes == {"streams/partner/a.csv": "held", "streams/own.csv": "validated"}
