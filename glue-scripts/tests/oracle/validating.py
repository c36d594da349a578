"""Validates the rows of one file version: the first matching reason counts. Then finds duplicates in the file."""

from oracle.model import (
    BLANKS,
    EPOCH,
    HOUR,
    LIMITS,
    REQUIRED,
    Accepted,
    InputFile,
    Quarantined,
    Row,
    Validated,
    millis,
    utf8,
)
from oracle.reading import read_rows
from oracle.reading_columns import RejectedError
from oracle.values import boolean, duration, ms_played, timestamp

EARLIEST = millis(EPOCH.replace(year=2000))


class BadRowError(Exception):
    """The row is quarantined: reason, detail."""


class Validator:
    """Validates rows against the reference snapshot. `last_modified` is that of the file version."""

    def __init__(self, users: set[str], tracks: set[str], last_modified: int) -> None:
        self.users = users
        self.tracks = tracks
        self.latest = last_modified + HOUR

    def validate(self, row: Row) -> Accepted | Quarantined:
        """Returns the accepted row, or why it is quarantined."""
        try:
            return self._accept(row)
        except BadRowError as error:
            reason, detail = error.args
            return Quarantined(reason, detail, row.raw)

    def _accept(self, row: Row) -> Accepted:
        if row.fields is None:
            raise BadRowError("malformed_row", row.defect)
        given = {name: (value or "").strip(BLANKS) for name, value in row.fields.items()}
        for name in REQUIRED:
            if not given.get(name):
                raise BadRowError("missing_field", name)
        for name, limit in LIMITS.items():
            length = len(utf8(given.get(name, "")))
            if length > limit:
                raise BadRowError("too_long", f"{name}: {length} bytes")
        time = self._time(given["listen_time"])
        played, completed = _played(given), _completed(given)
        if given["user_id"] not in self.users:
            raise BadRowError("unknown_user", given["user_id"])
        if given["track_id"] not in self.tracks:
            raise BadRowError("unknown_track", given["track_id"])
        event_id, device = given.get("event_id") or None, given.get("device_type") or None
        return Accepted(given["user_id"], given["track_id"], time, event_id, played, completed, device, row.number)

    def _time(self, text: str) -> int:
        time = timestamp(text)
        if time is None:
            raise BadRowError("bad_timestamp", text)
        if time < EARLIEST or time > self.latest:
            raise BadRowError("timestamp_out_of_range", text)
        return time


def _played(given: dict[str, str]) -> int | None:
    for name, parse in (("ms_played", ms_played), ("duration", duration)):
        if given.get(name):
            value = parse(given[name])
            if value is None:
                raise BadRowError("bad_number", f"{name} {given[name]}")
            return value
    return None


def _completed(given: dict[str, str]) -> bool | None:
    text = given.get("completed")
    value = boolean(text) if text else None
    if text and value is None:
        raise BadRowError("bad_number", f"completed {text}")
    return value


def precedence(row: Accepted) -> tuple[object, ...]:
    """Returns a sort key: of the same row in one file, the first is effective."""
    played = -1 if row.ms_played is None else row.ms_played
    completed = {True: 0, False: 1, None: 2}[row.completed]
    device = (row.device_type is None, utf8(row.device_type or ""))
    return -played, completed, device, row.number


def validate_file(file: InputFile, version: int, users: set[str], tracks: set[str]) -> Validated:
    """Validates one version of one file: read = accepted + quarantined + duplicate."""
    result = Validated(file.key, version)
    try:
        rows = read_rows(file.body)
    except RejectedError as error:
        result.rejected = str(error)
        return result
    validator = Validator(users, tracks, millis(file.last_modified))
    same_rows: dict[tuple[object, ...], list[Accepted]] = {}
    for row in rows:
        outcome = validator.validate(row)
        if isinstance(outcome, Quarantined):
            result.quarantined.append(outcome)
        else:
            same_rows.setdefault(outcome.identity, []).append(outcome)
    result.read = len(rows)
    result.accepted = [min(same, key=precedence) for same in same_rows.values()]
    result.duplicate = sum(len(same) - 1 for same in same_rows.values())
    return result
