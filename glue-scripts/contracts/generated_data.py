"""Reads the JSON files that `npm run generate` writes from packages/contracts into contracts/generated/."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def generated_data(name: str) -> Any:
    """Returns the content of contracts/generated/<name>.json."""
    resource = files("contracts").joinpath("generated").joinpath(f"{name}.json")
    try:
        return json.loads(resource.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FileNotFoundError(f"contracts/generated/{name}.json is missing: run `npm run generate`") from error
