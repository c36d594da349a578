"""The values that pass between the oracle's steps. Times are whole milliseconds since 1970, UTC."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

#: Canonical columns of a stream file, required ones first, in the order of the table in docs/kpis.md.
REQUIRED = ("user_id", "track_id", "listen_time")
OPTIONAL = ("event_id", "ms_played", "completed", "device_type")
#: Other names. `duration` means ms_played in seconds, so it keeps its own name until its value is parsed.
ALIASES = {"song_id": "track_id", "timestamp": "listen_time", "stream_id": "event_id"}
#: The longest accepted value of each text column, in bytes of UTF-8, in the order of the table.
LIMITS = {"user_id": 1024, "track_id": 1024, "event_id": 256, "device_type": 256}

#: What `str.strip` may remove: ASCII whitespace and nothing of Unicode's.
BLANKS = " \t\n\r\f\v"


def utf8(text: str) -> bytes:
    """Returns the sort key of a text."""
    return text.encode("utf-8", "surrogatepass")


def millis(moment: datetime) -> int:
    """Returns an aware datetime as milliseconds since 1970, cut."""
    gap = moment - EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1000 + gap.microseconds // 1000


@dataclass(frozen=True)
class InputFile:
    """One upload of one key; `version` orders the uploads of a key, as S3's sequencer does."""

    key: str
    body: bytes
    last_modified: datetime
    version: int = 1


@dataclass(frozen=True)
class Row:
    """A row as read: `fields` by canonical name (absent where not given), None if it could not be parsed."""

    number: int
    raw: str
    fields: dict[str, str | None] | None
    defect: str = ""


@dataclass(frozen=True)
class Accepted:
    """A row that passed validation."""

    user_id: str
    track_id: str
    time: int
    event_id: str | None
    ms_played: int | None
    completed: bool | None
    device_type: str | None
    number: int

    @property
    def identity(self) -> tuple[str, str, int, str | None]:
        """User, track, time and event id: rows with the same four are the same row."""
        return self.user_id, self.track_id, self.time, self.event_id

    @property
    def is_listen(self) -> bool:
        return self.ms_played is None or self.ms_played >= 30_000

    @property
    def day(self) -> int:
        """Days since 1970."""
        return self.time // DAY


@dataclass(frozen=True)
class Quarantined:
    """A row that failed validation."""

    reason: str
    detail: str
    raw: str


@dataclass
class Validated:
    """One file version: its rows, or the reason why the whole file was rejected."""

    key: str
    version: int
    read: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    duplicate: int = 0
    quarantined: list[Quarantined] = field(default_factory=list)
    rejected: str | None = None

    @property
    def state(self) -> str:
        if self.rejected:
            return "rejected"
        return "held" if 2 * len(self.quarantined) > self.read else "archived"

    @property
    def reused_event_ids(self) -> int:
        """How many event ids name several different accepted rows."""
        rows_of = Counter(row.event_id for row in self.accepted if row.event_id is not None)
        return sum(count > 1 for count in rows_of.values())


@dataclass(frozen=True)
class Track:
    """A track of the reference snapshot."""

    track_id: str
    track_name: str
    artists: str
    duration_ms: int
    genre: str


@dataclass
class Export:
    """What `export` writes: file name without `.jsonl` → its lines as objects, in order.

    `rejections` and `reused_event_ids` (key and version → value) are in no exported file.
    """

    lines: dict[str, list[dict[str, Any]]]
    rejections: dict[tuple[str, int], str] = field(default_factory=dict)
    reused_event_ids: dict[tuple[str, int], int] = field(default_factory=dict)
