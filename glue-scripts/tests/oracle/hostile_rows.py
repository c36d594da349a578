"""Hostile rows: listens near every limit of the rules, their texts in every allowed form, and one or two defects."""

from dataclasses import dataclass, replace
from random import Random

from oracle.hostile_world import World
from oracle.model import DAY, HOUR, LIMITS, MINUTE
from oracle.values import iso_millis

#: 2018-11-15, the day in the middle.
BASE = 17_850 * DAY
Texts = dict[str, str | None]
#: Few enough that every seed uses some for several rows.
EVENT_IDS = (None, "e1", "e2", "E1", "é", "e𝄞", "eＡ", "e" * 256, *(f"n{number}" for number in range(60)))
DEVICES = (None, "mobile", "web", "Web", "smart tv", "TV, old", "Ａ", "𝄞", "é", "é" * 128)


@dataclass(frozen=True)
class Play:
    """A listen or skip as a source has it."""

    user_id: str
    track_id: str
    time: int
    event_id: str | None
    ms_played: int | None
    completed: bool | None
    device_type: str | None


def _moment(rng: Random) -> int:
    day = BASE + rng.randrange(-1, 3) * DAY
    border = rng.choice([0, HOUR, 18 * HOUR, 23 * HOUR, DAY - HOUR])
    edge = rng.choice([-1, 0, 0, 1, 999, -1000, 1000])
    return rng.choice(
        [day + border + edge, day + border + edge, day + rng.randrange(DAY), day + rng.randrange(24) * HOUR]
    )


def _play(rng: Random, world: World, time: int, user_id: str | None = None) -> Play:
    user_id = user_id or rng.choice(world.user_ids)
    skip = user_id == "skipper"
    return Play(
        user_id,
        rng.choice(world.track_ids[: rng.choice([2, 6, len(world.track_ids)])]),
        time,
        rng.choice(EVENT_IDS),
        rng.choice([0, 1, 29_999])
        if skip
        else rng.choice([None, None, 0, 29_999, 30_000, 30_001, 200_000, 86_400_000]),
        rng.choice([True, False, None]),
        rng.choice(DEVICES),
    )


def make_plays(rng: Random, world: World) -> list[Play]:
    """Makes the pool from which all files draw, so that rows repeat within and across files."""
    plays = [_play(rng, world, _moment(rng)) for _ in range(rng.randrange(10, 70))]
    for _ in range(3):
        user_id, time = rng.choice(world.user_ids), _moment(rng)
        for _ in range(rng.randrange(2, 6)):
            plays.append(_play(rng, world, time, user_id))
            time += rng.choice([0, 1, 30 * MINUTE - 1, 30 * MINUTE, 30 * MINUTE + 1, 31 * MINUTE])
    for play in rng.sample(plays, 6):
        plays.append(replace(play, time=play.time + rng.choice([1, 2]) * DAY + rng.choice([-1, 0, 1])))
    return plays


def vary(rng: Random, play: Play) -> Play:
    """Repeats a row with other details; sometimes with another time, user or event id, which make it another row."""
    other = replace(
        play,
        ms_played=rng.choice([play.ms_played, play.ms_played, None, 0, 30_000]),
        completed=rng.choice([play.completed, None, True, False]),
        device_type=rng.choice([play.device_type, play.device_type, None, "web"]),
    )
    kind = rng.choice(["time", "user", "event id", *["same"] * 12])
    if kind == "time":
        return replace(other, time=play.time + rng.choice([-DAY, DAY, MINUTE, 1]))
    if kind == "user":
        return replace(other, user_id=rng.choice(["26", "u1"]))
    if kind == "event id":
        return replace(other, event_id=rng.choice([None, "e1", f"{play.event_id} again", "é" * 128]))
    return other


def time_text(rng: Random, time: int) -> str:
    """Returns the time in one of the accepted forms of listen_time."""
    forms = ["iso", "iso", "space", "zone", "epoch"]
    form = rng.choice(forms)
    if form == "epoch":
        return str(time // 1000) if time % 1000 == 0 and rng.random() < 0.5 else str(time)
    zone, offset = "", 0
    if form == "zone":
        zone, offset = rng.choice([("+05:30", 330), ("-0800", -480), ("+01", 60), ("-03:00", -180), ("+0000", 0)])
    head, fraction = iso_millis(time + offset * MINUTE)[:-1].split(".")
    if rng.random() < 0.3:
        fraction += rng.choice(["9", "999", "000001", "999999"])
    elif rng.random() < 0.7:
        fraction = fraction.rstrip("0")
    text = head + (f".{fraction}" if fraction else "")
    return text.replace("T", rng.choice(" T")) + (zone or rng.choice(["", "", "Z"]))


def _padded(rng: Random, text: str) -> str:
    return rng.choice([" ", "", "\t"]) + text + rng.choice([" ", ""]) if rng.random() < 0.15 else text


def texts_of(rng: Random, play: Play, seconds: bool) -> Texts:
    """Returns the row's texts by canonical name; with `seconds`, `duration` replaces ms_played."""
    texts: Texts = {
        "user_id": _padded(rng, play.user_id),
        "track_id": _padded(rng, play.track_id),
        "listen_time": _padded(rng, time_text(rng, play.time)),
        "event_id": play.event_id,
        "device_type": play.device_type,
        "completed": None if play.completed is None else rng.choice([str(play.completed), str(play.completed).lower()]),
    }
    played = None if play.ms_played is None else str(play.ms_played)
    if seconds and play.ms_played is not None:
        texts["duration"] = f"{play.ms_played // 1000}.{play.ms_played % 1000:03d}" + rng.choice(["", "0"])
    else:
        texts["duration" if seconds else "ms_played"] = played
    return texts


BAD_TIMES = (
    "yesterday", "2018-11-15", "2018-11-15 24:00:00", "2018-11-15 23:59:60", "2018-02-30 10:00:00", "now",
    "2018", "2018-11-15T10:00", "2018-11-15  10:00:00", "15.11.2018 10:00:00", "154224182679", "1542241826.796", "0x10",
    "2018-11-15T10:00:00z", "2018-11-15t10:00:00", "2018-11-15 10:00:00.", "2018-11-15 10:00:00 UTC", "-1542241826",
    "2018-11-15 10:00:00 +01:00", "2018-13-01 00:00:00", "infinity",
    "-infinity", "12018-11-15 10:00:00", "epoch", "2018-11-15 (BC) 10:00:00",
    "2018-1-5 10:00:00", "２018-11-15 10:00:00",
)  # fmt: skip
FAR_TIMES = ("1999-12-31 23:59:59.999", "1970-01-01T00:00:00Z", "2999-01-01 00:00:00", "0946684799", "946684799999")
BAD_PLAYED = ("-1", "86400001", "12.5", "1e3", "+5", "abc", "0x10", "1,000", "99999999999999999999", "３0000")
BAD_SECONDS = ("-1", "86400.001", "0.0005", "1e3", "abc", "1.2.3", "99999999999999999999")
BAD_COMPLETED = ("1", "0", "yes", "T", "truee", "null")
DEFECTS = ("blank", "bad_time", "far_time", "bad_number", "bad_boolean", "unknown_user", "unknown_track", "too_long")


def spoil(rng: Random, texts: Texts, latest: int | None) -> Texts:
    """Adds one or two defects; `latest` is the last millisecond in range, if known."""
    spoilt = dict(texts)
    for _ in range(rng.choice([1, 1, 2])):
        _spoil_once(rng, spoilt, rng.choice(DEFECTS), latest)
    return spoilt


def _spoil_once(rng: Random, texts: Texts, defect: str, latest: int | None) -> None:
    if defect == "blank":
        texts[rng.choice(["user_id", "track_id", "listen_time"])] = rng.choice([None, "", "  ", "\t"])
    elif defect == "bad_time":
        texts["listen_time"] = rng.choice(BAD_TIMES)
    elif defect == "far_time":
        border = [] if latest is None else [iso_millis(latest), iso_millis(latest + 1), str(latest + 1)]
        texts["listen_time"] = rng.choice([*FAR_TIMES, *border, *border, "2000-01-01 00:00:00"])
    elif defect == "bad_number":
        name = "duration" if "duration" in texts else "ms_played"
        texts[name] = rng.choice(BAD_SECONDS if name == "duration" else BAD_PLAYED)
    elif defect == "bad_boolean":
        texts["completed"] = rng.choice(BAD_COMPLETED)
    elif defect == "unknown_user":
        texts["user_id"] = rng.choice(["nobody", "02", "UÉ", "\u00a0u1", "u1\u200b", "NULL"])
    elif defect == "unknown_track":
        texts["track_id"] = rng.choice(["none", "never", "T1 x", "TÉ", "\u00a0T1"])
    else:
        name = rng.choice([*LIMITS])
        texts[name] = long_text(rng, LIMITS[name])


def long_text(rng: Random, limit: int) -> str:
    """Returns a text of just the allowed length, or of one byte or more too many; blanks around it do not count."""
    text = rng.choice(["x" * limit, "é" * (limit // 2), "𝄞" * (limit // 4)])
    text += rng.choice(["", "", "y", "é", "y" * 3000])
    return rng.choice(["", " " * 9]) + text + rng.choice(["", "\t"])
