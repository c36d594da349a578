"""The kinds of objects that may name a user, by their keys.

reference/ is left out: its owner removes the user's row there.
"""

import re
from typing import Literal, NamedTuple

from contracts import keys
from contracts.metrics import metrics

#: raw: files as they came · rows: Parquet with a column user_id · prepared: rows as text · quarantine: quarantined
#: rows · changes: change logs · patches: row patches.
Kind = Literal["raw", "rows", "prepared", "quarantine", "changes", "patches"]

ARCHIVED = "archived/"
RUNS = "processed/runs/"
#: Every prefix that is searched; results count objects by these.
PREFIXES = (
    *(keys.STREAMS_PREFIX, ARCHIVED, "validated/", "quarantine/", "kpis/"),
    *(RUNS, keys.PATCHES_PREFIX, keys.CHANGES_PREFIX),
)
_IN_ARCHIVE = re.compile(r"^archived/[0-9]{4}/[0-9]{2}/[0-9]{2}/[^/]+/((?:raw|validated|kpis)/.*)$")
_PREPARED = re.compile(r"^processed/runs/[^/]+/ingest/prepared/")
_OF_VERSION = re.compile(r"/file=([0-9a-f]{32})/version=([0-9]+)/([^/.]+)\.")
_KINDS: dict[str, Kind] = {
    "raw/": "raw",
    keys.STREAMS_PREFIX: "raw",
    "validated/event_date=": "rows",
    "quarantine/": "quarantine",
    keys.CHANGES_PREFIX: "changes",
    keys.PATCHES_PREFIX: "patches",
}


class VersionObject(NamedTuple):
    """What the key of a job's object says. `commit` is `<run id>-<attempt>`."""

    file_id: str
    version: int
    commit: str


def kind_of(key: str) -> Kind | None:
    """Returns the kind of an object, None if it can name no user."""
    if _PREPARED.match(key):
        return "prepared"
    archived = _IN_ARCHIVE.match(key)
    name = archived[1] if archived else key
    if any(name.startswith(f"kpis/metric={metric}/") for metric in user_metrics()):
        return "rows"
    return next((kind for prefix, kind in _KINDS.items() if name.startswith(prefix)), None)


def prefix_of(key: str) -> str:
    return next(prefix for prefix in PREFIXES if key.startswith(prefix))


def version_object(key: str) -> VersionObject | None:
    """Returns which file version an object of validate or ingest is about, None for other objects."""
    found = _OF_VERSION.search(key)
    return VersionObject(found[1], int(found[2]), found[3]) if found else None


def user_metrics() -> list[str]:
    """Returns the metrics with an item per user."""
    return [metric["name"] for metric in metrics() if metric["key"] == "user_id"]
