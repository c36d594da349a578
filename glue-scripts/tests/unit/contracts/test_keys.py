"""The keys of the jobs, by the cases that packages/contracts checks in TypeScript too."""

import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from contracts import keys

ROOT = Path(__file__).parents[4]
CASES: list[dict[str, Any]] = json.loads((ROOT / "packages/contracts/cases/keys.json").read_text(encoding="utf-8"))
OURS = [case for case in CASES if hasattr(keys, case["name"])]


def test_every_key_has_a_case() -> None:
    own = {name for name, found in vars(keys).items() if inspect.getmodule(found) is keys or name.isupper()}
    assert own - {case["name"] for case in CASES} == set()


@pytest.mark.parametrize("case", OURS, ids=lambda case: f"{case['name']} {case.get('arguments', '')}")
def test_a_key_is_the_same_as_in_typescript(case: dict[str, Any]) -> None:
    found = getattr(keys, case["name"])
    assert (found(*case["arguments"]) if "arguments" in case else found) == case["expected"]
