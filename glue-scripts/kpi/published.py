"""The date documents: which KPI objects of a date are published, fenced by generation."""

from typing import Any, cast

from contracts import keys
from contracts.documents import DateDocument
from storage.store import Store, change_json, read_json


def read_date(store: Store, date: str) -> DateDocument | None:
    """Returns what is published of the date, None before the first time."""
    return cast("DateDocument | None", read_json(store, keys.date_key(date)))


def publish_date(store: Store, document: DateDocument) -> bool:
    """Publishes the document of its date. Returns False if a newer generation is published already."""

    def newest(current: Any | None) -> Any | None:
        return None if current and current["generation"] > document["generation"] else document

    published: Any = change_json(store, keys.date_key(document["date"]), newest)
    return bool(published["generation"] == document["generation"])
