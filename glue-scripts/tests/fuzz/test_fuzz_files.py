"""Mutated files beside untouched neighbours: each is rejected, held or validated, and no neighbour changes.

FUZZ_CASES=10000 runs more than the usual cases, FUZZ_SEED=7 others. A failure names seed and key;
`make_cases(Random(f"7 {round}"), make_corpus(7), ROUND)` makes the body again.
"""

import faulthandler
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key

from fuzz.corpus import Corpus, make_corpus
from fuzz.mutate import mutate
from fuzz.rounds import CODES, SECONDS, Round, broken_promises, make_cases

CASES = int(os.environ.get("FUZZ_CASES", "250"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
#: Mutated files in one run.
ROUND = 25
#: Every so many rounds the KPIs are computed and loaded too.
PUBLISHED = 4
ENDS: Counter[str] = Counter()


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return make_corpus(SEED)


@pytest.fixture(scope="module")
def alone(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Returns the outcome of the neighbours without other files: by key, and in the export."""
    quiet = Round(tmp_path_factory.mktemp("alone"), corpus)
    quiet.validate(corpus.neighbours)
    outcomes = {key: quiet.outcome(key) for key in corpus.neighbours}
    assert all(found["ledger"]["accepted"] == 8 and len(found["quarantine"]) == 1 for found in outcomes.values())
    published = quiet.publish(corpus.neighbours)
    assert all(published.values())
    return outcomes, published


@pytest.fixture(autouse=True)
def bounded(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ends a round that hangs, and prints where it hangs."""
    uncaptured = request.config.stash[fault_handler_stderr_fd_key]
    faulthandler.dump_traceback_later(5 * SECONDS, exit=True, file=uncaptured)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.mark.parametrize("number", range(-(-CASES // ROUND)))
def test_a_mutated_file_ends_in_a_terminal_state_and_changes_no_neighbour(
    number: int, corpus: Corpus, alone: tuple[dict[str, Any], dict[str, list[Any]]], tmp_path: Path
) -> None:
    cases = make_cases(Random(f"{SEED} {number}"), corpus, ROUND)
    ran = Round(tmp_path, corpus)
    seconds = ran.validate({case.key: case.body for case in cases} | corpus.neighbours)
    reads = ran.reads()
    wrong = {f"{case.key} ({case.what})": broken_promises(ran, case.key, reads[case.key]) for case in cases}
    assert {name: rules for name, rules in wrong.items() if rules} == {}
    assert {key: ran.outcome(key) for key in corpus.neighbours} == alone[0]
    assert seconds < SECONDS
    ENDS.update(end for case in cases for end in [_end(ran, case.key)])
    if number % PUBLISHED == 0:
        assert ran.publish(corpus.neighbours) == alone[1]


def _end(ran: Round, key: str) -> str:
    entry = ran.entry(key)
    return entry["reason"]["code"] if entry["state"] == "rejected" and entry["reason"] else entry["state"]


def test_the_mutations_reach_every_terminal_state() -> None:
    """Checks that enough mutated files are read: a fuzzer of unreadable files would test little."""
    if ENDS.total() < 200:
        pytest.skip("too few files were validated for this check")
    rare = {"too_large", "empty_file"}
    assert {"validated", "held", *CODES} - rare <= set(ENDS)
    assert ENDS["validated"] + ENDS["held"] > ENDS.total() / 3
    print(dict(ENDS))


@pytest.mark.parametrize("kind", ["songs", "users"])
@pytest.mark.parametrize("number", range(max(1, CASES // 250)))
def test_after_a_broken_reference_file_the_last_good_snapshot_validates(
    kind: str, number: int, corpus: Corpus, tmp_path: Path
) -> None:
    ran = Round(tmp_path, corpus)
    ran.validate(corpus.neighbours)
    before = {key: ran.outcome(key) for key in corpus.neighbours}
    rng = Random(f"reference {SEED} {number} {kind}")
    body = corpus.world.songs if kind == "songs" else corpus.world.users
    for _ in range(6):
        _, mutated = mutate(rng, "quoted csv", body)
        ran.sandbox.store.put(f"reference/{kind}/{kind}.csv", mutated)
        key = f"streams/{rng.randrange(1 << 40)}"
        ran.validate({key: next(iter(corpus.neighbours.values()))})
        assert broken_promises(ran, key, ran.reads()[key]) == []
    assert {key: ran.outcome(key) for key in corpus.neighbours} == before
