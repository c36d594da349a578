"""The metrics and JSON Schemas that `npm run generate` writes from packages/contracts into contracts/generated/."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypedDict, cast


class Metric(TypedDict):
    """One metric: see packages/contracts/src/metrics.ts."""

    name: str
    key: str | None
    period: Literal["date", "as_of"]
    fields: dict[str, Literal["integer", "text", "json"]]


def _generated(name: str) -> Any:
    resource = files("contracts").joinpath("generated").joinpath(name)
    try:
        return json.loads(resource.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FileNotFoundError(f"contracts/generated/{name} is missing: run `npm run generate` first") from error


@cache
def metrics() -> list[Metric]:
    """All metrics, in the order of the contract."""
    return cast(list[Metric], _generated("metrics.json"))


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Name of the zod schema → JSON Schema (draft 2020-12)."""
    return cast(dict[str, dict[str, Any]], _generated("schemas.json"))
