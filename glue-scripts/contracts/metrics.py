"""The metrics, from packages/contracts/src/metrics.ts, which describes them."""

from typing import cast

from contracts.generated.lists import EntryColumn, FieldType, Metric, MetricList
from contracts.generated_data import generated_data

__all__ = ["Metric", "list_fields", "metrics", "scalar_fields"]


def metrics() -> list[Metric]:
    """Returns all metrics in the order of the contract."""
    return cast(list[Metric], generated_data("metrics"))


def scalar_fields(metric: Metric) -> dict[str, FieldType]:
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
