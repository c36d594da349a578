"""lineage.json: from a file version to its rows, their dates, the KPI generation and the items of the table."""

from collections.abc import Mapping, Sequence
from typing import Any

from archive.copies import Copied
from archive.copy_run import RunCopies
from archive.results import KpiKeys
from archive.run_version import RunVersion
from contracts.current_version import content_version
from contracts.documents import RunDocument
from contracts.results import KpiResult, LoadResult

Json = dict[str, Any]


def run_lineage(
    run: RunDocument, results: Mapping[str, Any], versions: Sequence[RunVersion], kpi_keys: KpiKeys, copies: RunCopies
) -> Json:
    """Describes a run. `results` are those of the stages before archive, in order."""
    kpi: KpiResult = results["kpi"]
    files = zip(versions, copies.raw_files, copies.rows, strict=True)
    return {
        "reference_version": kpi["reference_version"],
        "attempts": {stage: result["attempt"] for stage, result in results.items()},
        "why": run["why"],
        "requested_dates": run["dates"],
        "files": [file_lineage(found, raw.copied if raw else None, rows) for found, raw, rows in files],
        "dates": date_lineage(kpi, results["load"], kpi_keys, copies.kpis),
    }


def file_lineage(found: RunVersion, raw: Copied | None, rows: Sequence[Copied]) -> Json:
    """Describes a file version. `archived_to` is None for what stays under streams/ (on hold, rejected, waiting)."""
    document, version = found.document, found.version
    return {
        "key": document["key"],
        "file_id": document["file_id"],
        "version": version["version"],
        "content_version": content_version(version),
        "replay": version["replay"],
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
        "archived_to": raw.target if raw else None,
        "rows": [{"from": copied.key, "archived_to": copied.target, "bytes": copied.bytes} for copied in rows],
    }


def date_lineage(kpi: KpiResult, load: LoadResult, kpi_keys: KpiKeys, copies: Mapping[str, Copied | None]) -> Json:
    """Describes every date of the run: its ledger, generation and objects, and what load wrote.

    `archived_to` is None for an object that a newer generation replaced.
    """
    loaded = {found["date"]: found for found in load["dates"]}
    dates = {}
    for found in kpi["dates"]:
        objects = {
            metric: {
                "from": key,
                "items": found["items"][metric],
                "archived_to": copied.target if (copied := copies.get(key)) else None,
            }
            for metric, key in kpi_keys[found["date"]].items()
        }
        head = {"generation": kpi["generation"], "published": found["published"], "ledger": found["ledger"]}
        dates[found["date"]] = {**head, "loaded": loaded.get(found["date"]), "objects": objects}
    return dates
