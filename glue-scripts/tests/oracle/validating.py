"""Validating the rows of one file version: first match wins; then further copies in the same file."""

from oracle.model import BLANKS, EPOCH, HOUR, REQUIRED, Accepted, InputFile, Quarantined, Row, Validated, millis, utf8
from oracle.reading import RejectedError, read_rows
from oracle.values import boolean, duration, ms_played, timestamp

EARLIEST = millis(EPOCH.replace(year=2000))


class BadRowError(Exception):
    """The row is quarantined: reason, detail."""


class Validator:
    """Knows the reference snapshot and how late a listen of this file version may be."""

    def __init__(self, users: set[str], tracks: set[str], last_modified: int) -> None:
        self.users = users
        self.tracks = tracks
        self.latest = last_modified + HOUR

    def validate(self, row: Row) -> Accepted | Quarantined:
        """The row accepted, or why not."""
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


def stands_before(row: Accepted) -> tuple[object, ...]:
    """Sorts first the copy that stands within a file."""
    played = -1 if row.ms_played is None else row.ms_played
    completed = {True: 0, False: 1, None: 2}[row.completed]
    device = (row.device_type is None, utf8(row.device_type or ""))
    return (-played, completed, device, row.time, utf8(row.user_id), utf8(row.track_id), row.number)


def validate_file(file: InputFile, version: int, users: set[str], tracks: set[str]) -> Validated:
    """One version of one file: read = accepted + quarantined + duplicate."""
    result = Validated(file.key, version)
    try:
        rows = read_rows(file.body)
    except RejectedError as error:
        result.rejected = str(error)
        return result
    validate = Validator(users, tracks, millis(file.last_modified))
    copies: dict[tuple[object, ...], list[Accepted]] = {}
    for row in rows:
        verdict = validate.validate(row)
        if isinstance(verdict, Quarantined):
            result.quarantined.append(verdict)
        else:
            copies.setdefault(verdict.identity, []).append(verdict)
    result.read = len(rows)
    result.accepted = [min(same, key=stands_before) for same in copies.values()]
    result.duplicate = sum(len(same) - 1 for same in copies.values())
    return result
