"""The header of an SQL file says how the tables of partitions are merged."""

import pytest

from contracts.metrics import Metric
from kpi.rules import MergeClauseError, Query, Rules


def step(header: str) -> Query:
    """Returns the step with this header."""
    return Rules(sql=lambda _folder, _name: f"{header}\nselect 1").of_steps(["sales"])["sales"]


def metric(header: str) -> Query:
    """Returns the metric with this header."""
    sales: Metric = {"name": "sales", "key": None, "period": "date", "fields": {}}
    return Rules([sales], sql=lambda _folder, _name: f"{header}\nselect 1").of_metrics()["sales"]


@pytest.mark.parametrize(
    ("header", "merge"),
    [
        ("-- Grain: one row. Adds up: union.", "from parts"),
        ("-- Grain: one row. Adds up:\n-- sum.", r"select sum(columns(*)) as '\0' from parts"),
        (
            "-- Adds up: sum by hour,\n-- day_24h.",
            r"select hour, day_24h, sum(columns(* exclude (hour, day_24h))) as '\0' from parts group by hour, day_24h",
        ),
        ("-- Grain: one row. Adds up: stays in its partition.", None),
        ("-- Grain: one row. Made once a run.", None),
    ],
)
def test_each_form_of_the_clause_gives_its_merge(header: str, merge: str | None) -> None:
    assert step(header).merge("parts") == merge


@pytest.mark.parametrize(
    "header",
    [
        "-- Grain: one row.",
        "-- Adds up: sums.",
        "-- Adds up by hour.",
        "-- adds up: sum.",
        "-- Adds up: sum by hour",
        "-- Adds up: sum by.",
        "-- Adds up: sum by Hour.",
        "-- Adds up: sum. Adds up: union.",
        "-- Adds up: sum. Made once a run.",
        "-- Adds up: sum by hour.\n-- All adds\n-- up.",
    ],
)
def test_a_step_without_exactly_one_clause_is_an_error_that_names_the_file(header: str) -> None:
    with pytest.raises(MergeClauseError, match=r"^sql/intermediate/sales\.sql"):
        step(header)


def test_a_metric_needs_no_clause_unless_it_is_computed_per_partition() -> None:
    assert metric("-- Grain: one row.").merge("parts") is None
    assert metric("-- Grain: one row. Adds up: union.").merge("parts") == "from parts"


@pytest.mark.parametrize(
    "header", ["-- Adds up: sums.", "-- It adds up.", "-- Adds up: stays in its partition.", "-- Made once a run."]
)
def test_a_metric_with_a_clause_that_gives_no_merge_is_an_error_that_names_the_file(header: str) -> None:
    with pytest.raises(MergeClauseError, match=r"^sql/metrics/sales\.sql"):
        metric(header)
