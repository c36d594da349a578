"""Parses texts by the forms that docs/kpis.md allows. None means: not one of these forms."""

import re
from datetime import date

from oracle.model import DAY, HOUR, MINUTE

_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:(Z)|([+-])([0-9]{2})(?::?([0-9]{2}))?)?"
)
_EPOCH = re.compile(r"[0-9]{10}|[0-9]{13}")
_SECONDS = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_FIRST_DAY = date(1970, 1, 1).toordinal()
MAX_PLAYED = 86_400_000


def timestamp(text: str) -> int | None:
    """Returns milliseconds since 1970. Finer digits are cut; no zone means UTC."""
    if _EPOCH.fullmatch(text):
        return int(text) * (1000 if len(text) == 10 else 1)
    match = _TIMESTAMP.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, _, sign, zone_hour, zone_minute = match.groups()[6:]
    try:
        days = date(year, month, day).toordinal() - _FIRST_DAY
    except ValueError:
        return None
    zone_hours, zone_minutes = int(zone_hour or 0), int(zone_minute or 0)
    if hour > 23 or minute > 59 or second > 59 or zone_hours > 23 or zone_minutes > 59:
        return None
    offset = (zone_hours * HOUR + zone_minutes * MINUTE) * (-1 if sign == "-" else 1)
    local = days * DAY + hour * HOUR + minute * MINUTE + second * 1000 + int(((fraction or "") + "000")[:3])
    return local - offset


def ms_played(text: str) -> int | None:
    """Returns an integer in 0…86,400,000, of digits only."""
    if not re.fullmatch(r"[0-9]+", text):
        return None
    value = int(text)
    return value if value <= MAX_PLAYED else None


def duration(text: str) -> int | None:
    """Returns the milliseconds of seconds, perhaps with decimals, that make a whole number of them."""
    match = _SECONDS.fullmatch(text)
    if not match:
        return None
    decimals = match[2] or ""
    if decimals[3:].strip("0"):
        return None
    value = int(match[1]) * 1000 + int((decimals + "000")[:3])
    return value if value <= MAX_PLAYED else None


def boolean(text: str) -> bool | None:
    """Parses true or false, in any case."""
    return {"true": True, "false": False}.get(text.lower())


def day_text(days: int) -> str:
    """Formats days since 1970: `2018-11-15`."""
    return date.fromordinal(days + _FIRST_DAY).isoformat()


def iso_seconds(time: int) -> str:
    """Formats a time: `2018-11-15T18:00:00Z`."""
    seconds = time // 1000
    clock = f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{day_text(time // DAY)}T{clock}Z"


def iso_millis(time: int) -> str:
    """Formats a time: `2018-11-15T18:00:00.000Z`."""
    return f"{iso_seconds(time)[:-1]}.{time % 1000:03d}Z"
