"""The stages of a run, from packages/contracts/src/stages.ts."""

from typing import cast

from contracts.generated.lists import StageEntry
from contracts.generated_data import generated_data

#: The stage with which a backfill's run begins.
BACKFILL_START: str = generated_data("constants")["backfill_start"]


def stages() -> list[StageEntry]:
    """Returns all stages in the order in which a run passes through them."""
    return cast(list[StageEntry], generated_data("stages"))


def predecessor(stage: str) -> str | None:
    """Returns the stage before `stage`, None for the first."""
    return next(entry["predecessor"] for entry in stages() if entry["name"] == stage)
