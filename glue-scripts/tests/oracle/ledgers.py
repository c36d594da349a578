"""files.jsonl, dates.jsonl and quarantine.jsonl."""

from collections import Counter
from typing import Any

from oracle.model import Accepted, Validated, utf8
from oracle.values import day_text


def file_lines(versions: list[Validated]) -> list[dict[str, Any]]:
    """Returns files.jsonl: read = accepted + quarantined + duplicate. A held file has the counts of its validation."""
    lines = []
    for file in sorted(versions, key=lambda file: (utf8(file.key), file.version)):
        reasons = Counter(row.reason for row in file.quarantined)
        line = {
            "key": file.key,
            "version": file.version,
            "state": file.state,
            "read": file.read,
            "accepted": len(file.accepted),
            "quarantined": dict(sorted(reasons.items())),
            "duplicate": file.duplicate,
        }
        assert file.read == len(file.accepted) + reasons.total() + file.duplicate, line
        lines.append(line)
    return lines


def date_lines(current: list[Validated], rows: list[Accepted]) -> list[dict[str, Any]]:
    """Returns dates.jsonl: accepted = counted + skipped + duplicate (rows that are effective in another file)."""
    accepted = Counter(row.day for file in current for row in file.accepted)
    counted = Counter(row.day for row in rows if row.is_listen)
    skipped = Counter(row.day for row in rows if not row.is_listen)
    return [
        {
            "date": day_text(day),
            "accepted": accepted[day],
            "counted": counted[day],
            "skipped": skipped[day],
            "duplicate": accepted[day] - counted[day] - skipped[day],
        }
        for day in sorted(accepted)
    ]


def quarantine_lines(versions: list[Validated]) -> list[dict[str, Any]]:
    """Returns quarantine.jsonl: every quarantined row, those of held files too."""
    lines = [
        {"key": file.key, "reason": row.reason, "detail": row.detail, "raw": row.raw}
        for file in versions
        for row in file.quarantined
    ]
    return sorted(lines, key=lambda line: tuple(utf8(line[name]) for name in ("key", "reason", "raw", "detail")))
