"""The partition key of an item, by the cases that packages/contracts checks in TypeScript too."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.metric_key import LONGEST_KEY, metric_key

ROOT = Path(__file__).parents[4]
CASES: list[dict[str, Any]] = json.loads((ROOT / "packages/contracts/cases/metric-key.json").read_text("utf-8"))


def text_of(parts: list[tuple[str, int]]) -> str:
    """Returns a long text of parts, each with how often it is repeated."""
    return "".join(part * times for part, times in parts)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_partition_key_is_the_same_as_in_typescript(case: dict[str, Any]) -> None:
    dimension = case["dimension"]
    key = metric_key(case["metric"], None if dimension is None else text_of(dimension))
    assert key == text_of(case["expected"])
    assert len(key.encode()) <= LONGEST_KEY


def test_two_long_dimensions_with_the_same_beginning_have_different_keys() -> None:
    assert metric_key("device_daily", "é" * 3000) != metric_key("device_daily", "é" * 3000 + "x")
