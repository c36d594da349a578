"""The five jobs against the oracle: hostile inputs in any order, interleaved and retried, and the Sparkify month.

ORACLE_SEEDS=100-400 runs other seeds than the usual ones.
"""

import os
import time
from pathlib import Path
from random import Random

import pytest

from oracle import evaluate
from oracle.builders import SONGS, USERS, raw, stream
from oracle.compare import compare
from oracle.layout import References, read_inputs
from oracle.model import InputFile
from oracle.pipeline import Sandbox
from oracle.pipeline_export import reused_event_ids
from oracle.scenarios import Scenario

Inputs = tuple[list[InputFile], References, References]
SPARKIFY = Path(__file__).resolve().parents[4] / "shared" / "data" / "sparkify"
FIRST, LAST = (int(number) for number in os.environ.get("ORACLE_SEEDS", "0-31").split("-"))
#: Seconds after which the remaining usual seeds are skipped, for busy machines.
BUDGET = 60
BEGAN = time.monotonic()
#: Reference data without any user or track of the files.
UNRELATED: References = [
    ("reference/songs/songs.csv", b"track_id,duration_ms\nno track of a file,1\n"),
    ("reference/users/users.csv", b"user_id\nno user of a file\n"),
]


@pytest.mark.parametrize("seed", range(FIRST, LAST + 1))
def test_hostile_inputs_give_the_export_of_the_oracle(seed: int, tmp_path: Path) -> None:
    if "ORACLE_SEEDS" not in os.environ and time.monotonic() - BEGAN > BUDGET:
        pytest.skip(f"{BUDGET} seconds are over; ORACLE_SEEDS={seed}-{seed} runs it")
    scenario = Scenario(seed)
    export = evaluate(scenario.files, scenario.songs, scenario.users)
    sandbox = scenario.run(tmp_path)
    differences = compare(export.lines, sandbox.exported())
    assert differences == [], f"seed {seed}, {scenario.mode}: left is the oracle, right the pipeline"
    assert reused_event_ids(sandbox.store) == export.reused_event_ids


@pytest.mark.parametrize("seed", range(FIRST, min(LAST, FIRST + 5) + 1))
def test_files_validated_before_their_reference_data_arrives_end_with_the_same_export(
    seed: int, tmp_path: Path
) -> None:
    """At first every row is unknown. The snapshot that knows users and tracks has all files reprocessed."""
    scenario = Scenario(seed)
    files = list({file.key: file for file in reversed(scenario.files)}.values())
    export = evaluate(files, scenario.songs, scenario.users)
    sandbox = Sandbox(tmp_path)
    for name, body in UNRELATED:
        sandbox.store.put(name, body)
    sandbox.run([key for file in files if (key := sandbox.upload(file))])
    for name, body in [*scenario.songs, *scenario.users]:
        sandbox.store.put(name, body)
    sandbox.start("ingest", sandbox.create_run([], reference_changed=True))
    assert sandbox.run_replays() == 1
    differences = compare(export.lines, sandbox.exported())
    assert differences == [], f"seed {seed}: left is the oracle, right the pipeline"


def differences_of(folder: Path, inputs: Inputs, runs: int = 1) -> list[str]:
    """Returns how oracle (left) and pipeline (right) differ when the inputs arrive in so many runs."""
    files, songs, users = inputs
    sandbox = Sandbox(folder)
    for name, body in [*songs, *users]:
        sandbox.store.put(name, body)
    keys = [sandbox.upload(file) for file in files]
    for number in range(runs):
        sandbox.run([key for key in keys[number::runs] if key], reference_changed=number == 0)
    return compare(evaluate(files, songs, users).lines, sandbox.exported())


def references_of(songs: str, users: str) -> tuple[References, References]:
    """Returns one file of each kind."""
    return [("reference/songs/s.csv", songs.encode())], [("reference/users/u.csv", users.encode())]


@pytest.mark.skipif(not SPARKIFY.is_dir(), reason=f"{SPARKIFY} is not on this machine")
def test_the_sparkify_month_gives_the_export_of_the_oracle(tmp_path: Path) -> None:
    assert differences_of(tmp_path, read_inputs(SPARKIFY), runs=2) == []


def test_many_genres_tracks_and_artists_are_ranked_like_in_the_oracle(tmp_path: Path) -> None:
    rng = Random(1)
    songs = ["track_id,artists,track_name,duration_ms,track_genre"]
    songs += [f"t{n},{';'.join(f'a{rng.randrange(90)}' for _ in range(3))},n{n},{n + 1},g{n % 131}" for n in range(400)]
    users = ["user_id,user_country", *(f"u{n},c{n % 70}" for n in range(80))]
    rows = [
        f"u{rng.randrange(80)},t{int(400 * rng.random() ** 2)},{1_542_240_000 + rng.randrange(3 * 86_400)},,"
        f"{rng.choice(['', 5000, 90_000])},,d{rng.randrange(30)}"
        for _ in range(4000)
    ]
    files = [stream(*rows[part::2], key=f"streams/{part}.csv") for part in range(2)]
    references = references_of("\n".join(songs), "\n".join(users))
    assert differences_of(tmp_path, (files, *references), runs=2) == []


@pytest.mark.parametrize(
    "body",
    [
        b"user_id,track_id,listen_time\r\nu,a,2018-11-15 10:00:00\nv,b,2018-11-15 10:00:00\n",
        b"user_id,track_id,listen_time\nu,a,2018-11-15 10:00:00\r\nv,b,2018-11-15 10:00:00\r\n",
        b"\r\nuser_id,track_id,listen_time\nu,a,2018-11-15 10:00:00\nv,b,2018-11-15 10:00:00\n",
        b"user_id,track_id,listen_time,no\rte\nu,a,2018-11-15 10:00:00,\nv,b,2018-11-15 10:00:00,\n",
    ],
    ids=["crlf header", "crlf rows", "crlf blank line first", "cr in a column name"],
)
def test_a_header_may_have_another_line_end_than_the_rows(body: bytes, tmp_path: Path) -> None:
    files = [raw(body, "streams/1.csv"), stream("w,a,2018-11-15 10:00:00", key="streams/2.csv")]
    assert differences_of(tmp_path, (files, *references_of(SONGS, USERS))) == []


def test_artist_names_are_kept_as_written(tmp_path: Path) -> None:
    songs = SONGS.replace("Ann;Bob", " Ann; Bob ")
    references = references_of(songs, USERS)
    files = [stream("u,a,2018-11-15 10:00:00", "u,b,2018-11-15 11:00:00")]
    assert differences_of(tmp_path, (files, *references)) == []


def test_a_date_whose_listens_credit_nobody_has_an_empty_list_of_artists(tmp_path: Path) -> None:
    references = references_of("track_id,duration_ms,artists\na,1,;\n", USERS)
    files = [stream("u,a,2018-11-15 10:00:00")]
    assert evaluate(files, *references).lines["artist_daily"] == [{"date": "2018-11-15", "artists": []}]
    assert differences_of(tmp_path, (files, *references)) == []
