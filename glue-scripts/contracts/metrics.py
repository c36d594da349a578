"""The metrics, from packages/contracts/src/metrics.ts, which describes them."""

from typing import Literal, TypedDict, cast

from contracts.generated_data import generated_data

Scalar = Literal["integer", "text"]


class EntryColumn(TypedDict):
    """The type of a name in a list's entry, and the column of the metric's SQL that it comes from."""

    type: Scalar
    column: str


class MetricList(TypedDict):
    """A list in an item: name in the entry → its type, with the SQL column where that has another name."""

    entries: dict[str, Scalar | EntryColumn]


class Metric(TypedDict):
    """One metric."""

    name: str
    key: str | None
    period: Literal["date", "as_of"]
    fields: dict[str, Scalar | MetricList]


def metrics() -> list[Metric]:
    """Returns all metrics in the order of the contract."""
    return cast(list[Metric], generated_data("metrics"))


def scalar_fields(metric: Metric) -> dict[str, Scalar]:
    """Returns the fields that are no list, with their types."""
    return {name: field for name, field in metric["fields"].items() if not isinstance(field, dict)}


def list_fields(metric: Metric) -> dict[str, dict[str, EntryColumn]]:
    """Returns the fields that are a list: field → name in the entry → its type and SQL column."""
    return {name: _columns(field) for name, field in metric["fields"].items() if isinstance(field, dict)}


def _columns(field: MetricList) -> dict[str, EntryColumn]:
    return {
        name: entry if isinstance(entry, dict) else {"type": entry, "column": name}
        for name, entry in field["entries"].items()
    }
