"""lineage.json: from a file version to its rows, their dates, the KPI generation and the items of the table."""

from collections.abc import Mapping, Sequence
from typing import Any

from archive.copies import Copied
from contracts.documents import FileDocument, FileVersion
from contracts.results import KpiResult, LoadResult, ResultHead
from validation.predecessors import content_of, replay_of

Json = dict[str, Any]


def file_lineage(document: FileDocument, version: FileVersion, copied: Copied | None, rows: Sequence[Copied]) -> Json:
    """One file version of the run: `archived_to` is None for what stays under streams/ (held, rejected, waiting).

    `replay` says what a replay reprocessed and why.
    """
    return {
        "key": document["key"],
        "file_id": document["file_id"],
        "version": version["version"],
        "content_version": content_of(version),
        "replay": replay_of(version),
        "version_id": version["version_id"],
        "etag": version["etag"],
        "size": version["size"],
        "arrived_at": version["arrived_at"],
        "state": version["state"],
        "reason": version["reason"],
        "repeats": version["repeats"],
        "replaces": [entry["version"] for entry in document["versions"] if entry["version"] < version["version"]],
        "ledger": version["ledger"],
        "dates": version["dates"],
        "quarantine_key": version["quarantine_key"],
        "archived_to": copied.target if copied else None,
        "rows": [{"from": found.key, "archived_to": found.target, "bytes": found.bytes} for found in rows],
    }


def date_lineage(
    kpi: KpiResult, load: LoadResult, copied: Mapping[str, Copied | None], names: Mapping[str, Json]
) -> Json:
    """Date → its ledger, generation, objects and what load made of them. `names`: date → metric → key of its object.

    An object that is gone was replaced by the newer generation which load found; `archived_to` is None for it.
    """
    loaded = {found["date"]: found for found in load["dates"]}
    dates = {}
    for found in kpi["dates"]:
        objects = {
            metric: {
                "from": key,
                "items": found["items"][metric],
                "archived_to": archived.target if (archived := copied.get(key)) else None,
            }
            for metric, key in names[found["date"]].items()
        }
        head = {"generation": kpi["generation"], "published": found["published"], "ledger": found["ledger"]}
        dates[found["date"]] = {**head, "loaded": loaded.get(found["date"]), "objects": objects}
    return dates


def attempts(results: Sequence[tuple[str, ResultHead]], archive: int) -> Json:
    """Stage → the attempt of its job that committed; a backfill has no ingest and validate."""
    return {**{stage: found["attempt"] for stage, found in results}, "archive": archive}
