"""The first two jobs on a month of real listens, if the sample is there."""

from pathlib import Path

import pytest
from support.schema import assert_conforms
from support.world import World

from contracts import keys
from storage.store import read_json

DATA = Path(__file__).parents[5] / "shared/data/sparkify"


@pytest.mark.skipif(not DATA.exists(), reason="the Sparkify sample is not beside this checkout")
def test_all_rows_of_a_month_of_listens_are_accepted(world: World) -> None:
    world.reference((DATA / "songs.csv").read_bytes(), (DATA / "users.csv").read_bytes())
    files = [world.put(path.name, path.read_bytes()) for path in sorted((DATA / "streams").iterdir())]
    run_id = world.create_run(*files)
    ingested = world.ingest(run_id)
    assert_conforms(ingested, "IngestResult")
    result = world.validate(run_id)
    assert_conforms(result, "ValidateResult")
    ledgers = [file["ledger"] for file in result["files"]]
    rows = sum(len(path.read_bytes().splitlines()) - 1 for path in (DATA / "streams").iterdir())
    assert sum(ledger["read"] for ledger in ledgers) == rows
    assert sum(ledger["accepted"] for ledger in ledgers) == rows
    for file in files:
        assert_conforms(read_json(world.store, keys.file_key(file["file_id"])), "FileDocument")
