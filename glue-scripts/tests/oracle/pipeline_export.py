"""The export of the pipeline: what `music-etl export` writes from the documents, the quarantine and the table."""

import gzip
import json
from typing import Any

from contracts import keys
from contracts.current_version import by_content, content_version, current_version, is_void_replay
from contracts.documents import FileDocument, FileVersion
from contracts.metrics import metrics
from load.table_memory import MemoryTable
from oracle.model import utf8
from storage.store import Store, read_json

Line = dict[str, Any]


def documents_of(store: Store) -> list[FileDocument]:
    """Returns every file document, by key of the file."""
    found: list[FileDocument] = [read_json(store, info.key) for info in store.list(keys.FILES_PREFIX)]
    return sorted(found, key=lambda document: utf8(document["key"]))


def exported_versions(document: FileDocument) -> list[FileVersion]:
    """Returns the versions with a line: the current one, and the latest of newer content if it is held or rejected."""
    current = current_version(document)
    newer = [
        version
        for version in document["versions"]
        if version["state"] in ("held", "rejected")
        and content_version(version) > (content_version(current) if current else 0)
        and not is_void_replay(document, version)
    ]
    latest = max(newer, key=by_content, default=None)
    return [version for version in (current, latest) if version is not None]


def file_lines(store: Store) -> list[Line]:
    """Returns files.jsonl. A rejected version has no ledger."""
    lines = []
    for document in documents_of(store):
        for version in exported_versions(document):
            ledger = version["ledger"] or {"read": 0, "accepted": 0, "quarantined": {}, "duplicate": 0}
            head = {"key": document["key"], "version": content_version(version), "state": version["state"]}
            lines.append({**head, **ledger})
    return lines


def quarantine_lines(store: Store) -> list[Line]:
    """Returns quarantine.jsonl from the objects that the documents name."""
    lines = []
    for document in documents_of(store):
        for version in exported_versions(document):
            if version["quarantine_key"]:
                body, _ = store.read(version["quarantine_key"])
                rows = [json.loads(line) for line in gzip.decompress(body).decode().split("\n") if line]
                lines += [
                    {"key": document["key"], **{name: row[name] for name in ("reason", "detail", "raw")}}
                    for row in rows
                ]
    return lines


def date_lines(store: Store) -> list[Line]:
    """Returns dates.jsonl from the published dates."""
    found = [read_json(store, info.key) for info in store.list(keys.DATES_PREFIX)]
    return [{"date": date["date"], **date["ledger"]} for date in found if date["ledger"]["accepted"]]


def metric_lines(table: MemoryTable) -> dict[str, list[Line]]:
    """Returns the lines of each metric from the items of the table."""
    found = {}
    for metric in metrics():
        name, key = metric["name"], metric["key"]
        lines = []
        for (partition, period), item in table.items.items():
            if partition == name or (key and partition.startswith(f"{name}#")):
                head = {metric["period"]: period, **({key: item[key]} if key else {})}
                lines.append({**head, **{field: item[field] for field in metric["fields"]}})
        names = [metric["period"], *([key] if key else [])]
        found[name] = sorted(lines, key=lambda line: [utf8(line[column]) for column in names])
    return found


def reused_event_ids(store: Store) -> dict[tuple[str, int], int]:
    """Returns the reused event ids that the documents report, by key and version, without rejected versions."""
    return {
        (document["key"], content_version(version)): version["reused_event_ids"]
        for document in documents_of(store)
        for version in exported_versions(document)
        if version["state"] != "rejected"
    }
