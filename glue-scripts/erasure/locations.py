"""The kinds of objects that may name a user, by their keys.

reference/ is left out: its owner removes the user's row there.
"""

from typing import Literal

from contracts import keys
from contracts.metrics import metrics

#: raw: files as they came · rows: Parquet with a column user_id · prepared: rows as text · quarantine: quarantined
#: rows · changes: change logs · patches: row patches.
Kind = Literal["raw", "rows", "prepared", "quarantine", "changes", "patches"]

#: Every prefix that is searched; results count objects by these.
PREFIXES = (
    *(keys.STREAMS_PREFIX, keys.ARCHIVED_PREFIX, keys.VALIDATED_PREFIX, keys.QUARANTINE_PREFIX, keys.KPIS_PREFIX),
    *(keys.RUNS_PREFIX, keys.PATCHES_PREFIX, keys.CHANGES_PREFIX),
)
_KINDS: dict[str, Kind] = {
    "raw/": "raw",
    keys.STREAMS_PREFIX: "raw",
    keys.VALIDATED_PREFIX: "rows",
    keys.QUARANTINE_PREFIX: "quarantine",
    keys.CHANGES_PREFIX: "changes",
    keys.PATCHES_PREFIX: "patches",
}


def kind_of(key: str) -> Kind | None:
    """Returns the kind of an object, None if it can name no user."""
    if keys.is_prepared(key):
        return "prepared"
    name = keys.name_in_archive(key) or key
    if any(name.startswith(keys.kpi_metric_prefix(metric)) for metric in user_metrics()):
        return "rows"
    return next((kind for prefix, kind in _KINDS.items() if name.startswith(prefix)), None)


def prefix_of(key: str) -> str:
    return next(prefix for prefix in PREFIXES if key.startswith(prefix))


def user_metrics() -> list[str]:
    """Returns the metrics with an item per user."""
    return [metric["name"] for metric in metrics() if metric["key"] == "user_id"]
