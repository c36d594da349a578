"""What holds for every SQL file of the KPIs."""

import re
from pathlib import Path

import pytest

from contracts.metrics import metrics
from kpi.rules import Rules
from kpi.steps import COUNTING, LISTENING
from spread.engine import check_engine

ROOT = Path(__file__).parents[3]
PATHS = sorted(path for folder in ("intermediate", "metrics") for path in (ROOT / "sql" / folder).glob("*.sql"))
STEPS = {path.stem for path in PATHS if path.parent.name == "intermediate"}
EVERY_FILE = pytest.mark.parametrize("path", PATHS, ids=[f"{path.parent.name}/{path.stem}" for path in PATHS])


def header_of(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return " ".join(line.removeprefix("-- ") for line in lines if line.startswith("--"))


def body_of(path: Path) -> str:
    return "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("--"))


def ctes_of(path: Path) -> set[str]:
    return set(re.findall(r"^(?:with )?(\w+) as (?:not )?(?:materialized )?\($", body_of(path), re.MULTILINE))


def relations_of(path: Path) -> set[str]:
    """Returns the names after FROM and JOIN that the file does not define itself."""
    lists = re.findall(r"(?<!distinct )\b(?:from|join)\s+(\w+\b(?!\()(?: as \w+)?(?:, \w+\b(?!\())*)", body_of(path))
    return {item.split()[0] for found in lists for item in found.split(", ")} - ctes_of(path)


def reads_of(path: Path) -> dict[str, str | None]:
    """Returns the names in the line `Reads:` with the Python module that makes them, None for a step."""
    (found,) = re.findall(r"\bReads: ((?:\w+(?: \([^)]*\))?(?:, )?)+)\.", header_of(path))
    return {item.split(" ")[0]: item.partition(" (")[2].rstrip(")") or None for item in found.split(", ")}


@EVERY_FILE
def test_every_step_and_metric_names_its_grain_first(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("-- Grain: ")


@EVERY_FILE
def test_the_reads_line_names_exactly_the_relations_after_from_and_join(path: Path) -> None:
    assert set(reads_of(path)) == relations_of(path) != set()


@EVERY_FILE
def test_a_relation_that_is_no_step_is_made_by_the_module_that_the_reads_line_names(path: Path) -> None:
    for name, module in reads_of(path).items():
        assert (module is None) == (name in STEPS), name
        assert module is None or f'"{name}"' in (ROOT / module).read_text(encoding="utf-8"), name


@EVERY_FILE
def test_no_part_of_a_query_hides_a_relation_of_the_same_name(path: Path) -> None:
    relations = STEPS | {name for other in PATHS for name in reads_of(other)}
    aliases = set(re.findall(r"\b(?:from|join) \S+ as (\w+)|\) as (\w+)\(", body_of(path)))
    assert relations & (ctes_of(path) | {name for pair in aliases for name in pair}) == set()


def test_every_step_says_how_it_adds_up_and_every_file_is_used() -> None:
    steps = Rules().of_steps((*LISTENING, *COUNTING, "tracks", "users"))
    assert set(steps) == STEPS
    assert set(Rules().of_metrics()) == {path.stem for path in PATHS} - STEPS == {found["name"] for found in metrics()}
    once = {path.stem for path in PATHS if "Made once a run." in header_of(path)}
    assert once == {"tracks", "users"}


def test_a_metric_that_does_not_add_up_reads_only_steps_that_do() -> None:
    steps = Rules().of_steps((*LISTENING, *COUNTING))
    metrics_alone = {name for name, query in Rules().of_metrics().items() if query.clause is None}
    for path in PATHS:
        if path.stem in metrics_alone:
            assert all(steps[name].clause for name in reads_of(path) if name in steps), path


def test_no_metric_carries_a_date() -> None:
    for path in (ROOT / "sql" / "metrics").glob("*.sql"):
        assert "event_date" not in path.read_text(encoding="utf-8"), path


def test_an_unknown_engine_is_rejected_with_the_names_of_the_known_ones() -> None:
    with pytest.raises(Exception, match="--engine"):
        check_engine("flink")
