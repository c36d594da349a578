"""What lies where in the bucket, as far as it may name a user. reference/ is its owner's to change: not looked at."""

import re
from typing import Literal

from contracts import keys
from contracts.metrics import metrics

#: raw: files as they came · rows: Parquet with a column user_id · prepared: rows as text · quarantine: quarantined rows ·
#: changes: change logs · patches: row patches.
Kind = Literal["raw", "rows", "prepared", "quarantine", "changes", "patches"]

ARCHIVED = "archived/"
RUNS = "processed/runs/"
#: Everything that is looked through; results count by these.
PREFIXES = (
    *(keys.STREAMS_PREFIX, ARCHIVED, "validated/", "quarantine/", "kpis/"),
    *(RUNS, keys.PATCHES_PREFIX, keys.CHANGES_PREFIX),
)
_IN_ARCHIVE = re.compile(r"^archived/[0-9]{4}/[0-9]{2}/[0-9]{2}/[^/]+/((?:raw|validated|kpis)/.*)$")
_PREPARED = re.compile(r"^processed/runs/[^/]+/ingest/prepared/")
_VERSION = re.compile(r"/file=([0-9a-f]{32})/version=([0-9]+)/")
_KINDS: dict[str, Kind] = {
    "raw/": "raw",
    keys.STREAMS_PREFIX: "raw",
    "validated/event_date=": "rows",
    "quarantine/": "quarantine",
    keys.CHANGES_PREFIX: "changes",
    keys.PATCHES_PREFIX: "patches",
}


def kind_of(key: str) -> Kind | None:
    """What the object is; None for what names no user."""
    if _PREPARED.match(key):
        return "prepared"
    archived = _IN_ARCHIVE.match(key)
    name = archived[1] if archived else key
    if any(name.startswith(f"kpis/metric={metric}/") for metric in user_metrics()):
        return "rows"
    return next((kind for prefix, kind in _KINDS.items() if name.startswith(prefix)), None)


def prefix_of(key: str) -> str:
    return next(prefix for prefix in PREFIXES if key.startswith(prefix))


def file_version_of(key: str) -> tuple[str, int] | None:
    """File id and version in the name of what validate or ingest wrote."""
    found = _VERSION.search(key)
    return (found[1], int(found[2])) if found else None


def user_metrics() -> list[str]:
    """The metrics with an item per user."""
    return [metric["name"] for metric in metrics() if metric["key"] == "user_id"]
