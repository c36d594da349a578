"""The reasons to quarantine a row that newer reference data may resolve (packages/contracts/src/row-reasons.ts)."""

from typing import NamedTuple

from contracts.generated_data import generated_data


class UnknownId(NamedTuple):
    """The column with the unknown id, and the snapshot's table in which it is looked up by the same name."""

    column: str
    table: str


#: The reasons that a newer snapshot may resolve.
UNKNOWN_IDS = {reason: UnknownId(**entry) for reason, entry in generated_data("row_reasons")["unknown_ids"].items()}
