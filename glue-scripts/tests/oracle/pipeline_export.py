"""What `music-etl export` writes, from the documents, the quarantine and the table that the jobs left."""

import gzip
import json
from typing import Any

from contracts import keys
from contracts.current_version import content_version, current_version
from contracts.documents import FileDocument, FileVersion
from contracts.metrics import metrics
from load.table_memory import MemoryTable
from oracle.model import utf8
from storage.store import Store, read_json

Line = dict[str, Any]


def documents_of(store: Store) -> list[FileDocument]:
    """Every file document, by key of the file."""
    found: list[FileDocument] = [read_json(store, info.key) for info in store.list(keys.FILES_PREFIX)]
    return sorted(found, key=lambda document: utf8(document["key"]))


def _shown(document: FileDocument) -> list[FileVersion]:
    stands = current_version(document)
    above = [
        version
        for version in document["versions"]
        if version["state"] in ("held", "rejected") and (stands is None or version["version"] > stands["version"])
    ]
    return [version for version in (stands, above[-1] if above else None) if version is not None]


def file_lines(store: Store) -> list[Line]:
    """files.jsonl of the documents; a rejected version has no ledger."""
    lines = []
    for document in documents_of(store):
        for version in _shown(document):
            ledger = version["ledger"] or {"read": 0, "accepted": 0, "quarantined": {}, "duplicate": 0}
            head = {"key": document["key"], "version": content_version(version), "state": version["state"]}
            lines.append({**head, **ledger})
    return lines


def quarantine_lines(store: Store) -> list[Line]:
    """quarantine.jsonl of the objects that the documents name."""
    lines = []
    for document in documents_of(store):
        for version in _shown(document):
            if version["quarantine_key"]:
                body, _ = store.read(version["quarantine_key"])
                rows = [json.loads(line) for line in gzip.decompress(body).decode().split("\n") if line]
                lines += [
                    {"key": document["key"], **{name: row[name] for name in ("reason", "detail", "raw")}}
                    for row in rows
                ]
    return lines


def date_lines(store: Store) -> list[Line]:
    """dates.jsonl of the published dates."""
    found = [read_json(store, info.key) for info in store.list(keys.DATES_PREFIX)]
    return [{"date": date["date"], **date["ledger"]} for date in found if date["ledger"]["accepted"]]


def metric_lines(table: MemoryTable) -> dict[str, list[Line]]:
    """The metrics as the table holds them, sorted as the export sorts them."""
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
