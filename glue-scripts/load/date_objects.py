"""The objects of a date: those that its document names, and those of older generations under kpis/."""

from collections.abc import Sequence
from pathlib import Path

from contracts import keys
from contracts.documents import DateDocument
from contracts.metrics import Metric
from storage.local_copies import SMALL_ROWS, Wanted, fetch
from storage.store import Store


def older_objects(store: Store, document: DateDocument, metrics: Sequence[Metric]) -> dict[str, list[str]]:
    """Returns the keys of the objects of older generations by metric."""

    def of_metric(metric: Metric) -> list[str]:
        listed = store.list(keys.kpi_date_prefix(metric["name"], document["date"]))
        return [info.key for info in listed if keys.generation_of_kpi(info.key) < document["generation"]]

    return {metric["name"]: of_metric(metric) for metric in metrics}


def fetch_published(store: Store, document: DateDocument, metric: Metric, temp: Path) -> Path | None:
    """Copies the metric's published object. Returns None if the date has none."""
    published = document["objects"].get(metric["name"])
    return fetch(store, [Wanted(published["key"], published["items"] <= SMALL_ROWS)], temp)[0] if published else None


def fetch_older(store: Store, objects: Sequence[str], temp: Path) -> list[Path]:
    """Copies objects of older generations."""
    return fetch(store, [Wanted(key, is_small=False) for key in objects], temp)
