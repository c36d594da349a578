"""The metrics of a date over its effective rows. Counts and sums are over listens unless the name says skip."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from oracle.groups import counts_of, grouped, heard_by, listens_of, session_lengths
from oracle.model import DAY, HOUR, Accepted, Track, utf8
from oracle.reference import artists_of
from oracle.trending import trending_24h
from oracle.values import day_text, iso_millis

Line = dict[str, Any]


class Metrics:
    """One method a metric."""

    def __init__(self, rows: list[Accepted], tracks: dict[str, Track], country_of: dict[str, str]) -> None:
        self.rows = rows
        self.tracks = tracks
        self.country_of = country_of
        self.days = sorted(grouped(rows, lambda row: row.day).items())
        self.listen_days = [(day, found) for day, all_rows in self.days if (found := listens_of(all_rows))]

    def time_of(self, rows: list[Accepted]) -> int:
        """Returns the rows' listening time: ms_played, else the track's duration."""
        return sum(self.tracks[row.track_id].duration_ms if row.ms_played is None else row.ms_played for row in rows)

    def genre_of(self, row: Accepted) -> str:
        return self.tracks[row.track_id].genre

    def genre_daily(self) -> list[Line]:
        lines = []
        for day, rows in self.days:
            genres = grouped(rows, self.genre_of)
            for genre in sorted(genres, key=utf8):
                lines.append({"date": day_text(day), "genre": genre, **self._genre(genres[genre])})
        return lines

    def _genre(self, rows: list[Accepted]) -> Line:
        listens = listens_of(rows)
        counts = Counter(row.track_id for row in listens)
        total, listeners = self.time_of(listens), heard_by(listens)
        top = sorted(counts, key=lambda track: (-counts[track], utf8(track)))[:3]
        return {
            "listen_count": len(listens),
            "skip_count": len(rows) - len(listens),
            "unique_listeners": listeners,
            "total_listening_ms": total,
            "avg_listening_ms_per_listener": total // listeners if listeners else None,
            "top_songs": [
                {
                    "rank": rank,
                    "track_id": track,
                    "track_name": self.tracks[track].track_name,
                    "artists": self.tracks[track].artists,
                    "listen_count": counts[track],
                }
                for rank, track in enumerate(top, start=1)
            ],
        }

    def top_genres(self) -> list[Line]:
        lines = []
        for day, listens in self.listen_days:
            counts = Counter(self.genre_of(row) for row in listens)
            top = sorted(counts, key=lambda genre: (-counts[genre], utf8(genre)))[:5]
            genres = [{"rank": n, "genre": genre, "listen_count": counts[genre]} for n, genre in enumerate(top, 1)]
            lines.append({"date": day_text(day), "genres": genres})
        return lines

    def track_daily(self) -> list[Line]:
        lines = []
        for day, rows in self.days:
            tracks = grouped(rows, lambda row: row.track_id)
            for track in sorted(tracks, key=utf8):
                skips = len(tracks[track]) - len(listens_of(tracks[track]))
                counts = {**counts_of(listens_of(tracks[track])), "skip_count": skips}
                lines.append({"date": day_text(day), "track_id": track, **counts})
        return lines

    def user_daily(self) -> list[Line]:
        lines = []
        for day, rows in self.days:
            users = grouped(rows, lambda row: row.user_id)
            for user in sorted(users, key=utf8):
                lines.append({"date": day_text(day), "user_id": user, **self._user(users[user])})
        return lines

    def _user(self, rows: list[Accepted]) -> Line:
        listens = listens_of(rows)
        times = [row.time for row in listens]
        return {
            "listen_count": len(listens),
            "skip_count": len(rows) - len(listens),
            "distinct_tracks": len({row.track_id for row in listens}),
            "distinct_genres": len({self.genre_of(row) for row in listens}),
            "total_listening_ms": self.time_of(listens),
            "first_listen": iso_millis(min(times)) if times else None,
            "last_listen": iso_millis(max(times)) if times else None,
        }

    def daily_overview(self) -> list[Line]:
        return [{"date": day_text(day), **self._overview(rows)} for day, rows in self.days]

    def _overview(self, rows: list[Accepted]) -> Line:
        listens = listens_of(rows)
        sessions = [
            length
            for of_user in grouped(listens, lambda row: row.user_id).values()
            for length in session_lengths(of_user, self.time_of)
        ]
        hours = Counter(row.time % DAY // HOUR for row in listens)
        known = [row.completed for row in listens if row.completed is not None]
        return {
            "listen_count": len(listens),
            "skip_count": len(rows) - len(listens),
            "daily_active_users": heard_by(listens),
            "distinct_tracks": len({row.track_id for row in listens}),
            "total_listening_ms": self.time_of(listens),
            "sessions": len(sessions),
            "avg_session_ms": sum(sessions) // len(sessions) if sessions else None,
            "peak_hour": min(hours, key=lambda hour: (-hours[hour], hour)) if hours else None,
            "completed_count": sum(known),
            "completion_known_count": len(known),
        }

    def artist_daily(self) -> list[Line]:
        lines = []
        for day, listens in self.listen_days:
            heard: dict[str, list[Accepted]] = defaultdict(list)
            for row in listens:
                for artist in artists_of(self.tracks[row.track_id]):
                    heard[artist].append(row)
            top = sorted(heard, key=lambda artist: (-len(heard[artist]), utf8(artist)))[:10]
            artists = [
                {"rank": n, "artist": name, "listen_count": len(heard[name]), "unique_listeners": heard_by(heard[name])}
                for n, name in enumerate(top, 1)
            ]
            lines.append({"date": day_text(day), "artists": artists})
        return lines

    def hourly_activity(self) -> list[Line]:
        lines = []
        for day, listens in self.listen_days:
            by_hour = grouped(listens, lambda row: row.time % DAY // HOUR)
            hours = [{"hour": hour, **counts_of(by_hour.get(hour, []))} for hour in range(24)]
            lines.append({"date": day_text(day), "hours": hours})
        return lines

    def country_daily(self) -> list[Line]:
        return self._by("country", lambda row: self.country_of[row.user_id])

    def device_daily(self) -> list[Line]:
        return self._by("device_type", lambda row: row.device_type or "")

    def _by(self, name: str, of: Callable[[Accepted], str]) -> list[Line]:
        lines = []
        for day, listens in self.listen_days:
            groups = grouped(listens, of)
            groups.pop("", None)
            lines += [{"date": day_text(day), name: key, **counts_of(groups[key])} for key in sorted(groups, key=utf8)]
        return lines

    def trending_24h(self) -> list[Line]:
        return trending_24h(listens_of(self.rows), self.tracks)


NAMES = (
    "genre_daily",
    "top_genres",
    "track_daily",
    "user_daily",
    "trending_24h",
    "daily_overview",
    "artist_daily",
    "hourly_activity",
    "country_daily",
    "device_daily",
)


def metric_lines(rows: list[Accepted], tracks: dict[str, Track], country_of: dict[str, str]) -> dict[str, list[Line]]:
    """Returns the lines of each metric, sorted by their keys."""
    metrics = Metrics(rows, tracks, country_of)
    return {name: getattr(metrics, name)() for name in NAMES}
