"""trending_24h: one item per whole hour H with a listen in [H − 24 h, H)."""

from bisect import bisect_left
from collections import Counter
from typing import Any

from oracle.model import DAY, HOUR, Accepted, Track, utf8
from oracle.values import iso_seconds


def trending_24h(listens: list[Accepted], tracks: dict[str, Track]) -> list[dict[str, Any]]:
    """Returns the ten most played tracks before each hour; of equals, the one played less on the day before."""
    ordered = sorted((row.time, row.track_id) for row in listens)
    times = [time for time, _ in ordered]
    started = {time // HOUR for time in times}
    # A listen at t lies in [H - 24 h, H) for the 24 whole hours H after t: the first is its own hour's end.
    hours = sorted({hour + later for hour in started for later in range(1, 25)})
    lines = []
    for hour in hours:
        end = hour * HOUR
        low, middle, high = (bisect_left(times, at) for at in (end - 2 * DAY, end - DAY, end))
        plays = Counter(track for _, track in ordered[middle:high])
        before = Counter(track for _, track in ordered[low:middle])
        top = sorted(plays, key=lambda track: (-plays[track], before[track], utf8(track)))[:10]
        items = [
            {
                "rank": rank,
                "track_id": track,
                "track_name": tracks[track].track_name,
                "artists": tracks[track].artists,
                "plays_24h": plays[track],
                "plays_prev_24h": before[track],
            }
            for rank, track in enumerate(top, start=1)
        ]
        lines.append({"as_of": iso_seconds(end), "tracks": items})
    return lines
