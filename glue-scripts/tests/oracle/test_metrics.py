"""KPIs of a few listens with known results."""

from oracle.builders import USERS, lines, run, stream
from oracle.model import Export

DAY = "2018-11-15"


def at(*rows: str) -> Export:
    """`user track clock [ms] [completed] [device]` on 2018-11-15."""
    texts = []
    for row in rows:
        user, track, clock, ms, completed, device = [*row.split(), "", "", ""][:6]
        texts.append(f"{user},{track},{DAY} {clock},,{ms.strip('-')},{completed.strip('-')},{device}")
    return run(stream(*texts))


def test_genre_daily_counts_listens_and_skips_and_rounds_the_average_down() -> None:
    export = at("u a 10:00:00", "v a 11:00:00 30001", "u b 12:00:00 29999", "u c 13:00:00 29999")
    rock, jazz = lines(export, "genre_daily", genre="rock")[0], lines(export, "genre_daily", genre="jazz")[0]
    assert rock == {
        "date": DAY,
        "genre": "rock",
        "listen_count": 2,
        "skip_count": 1,
        "unique_listeners": 2,
        "total_listening_ms": 130_001,
        "avg_listening_ms_per_listener": 65_000,
        "top_songs": [{"rank": 1, "track_id": "a", "track_name": "Song a", "artists": "Ann", "listen_count": 2}],
    }
    assert (jazz["listen_count"], jazz["skip_count"], jazz["total_listening_ms"]) == (0, 1, 0)
    assert (jazz["avg_listening_ms_per_listener"], jazz["top_songs"]) == (None, [])
    assert lines(export, "top_genres") == [
        {"date": DAY, "genres": [{"rank": 1, "genre": "rock", "listen_count": 2}]},
    ]


def test_track_daily_counts_listens_skips_and_listeners_of_every_track() -> None:
    export = at("u a 10:00:00", "u a 11:00:00", "v a 11:00:00 0", "w a 12:00:00", "v c 12:00:00 29999")
    assert export.lines["track_daily"] == [
        {"date": DAY, "track_id": "a", "listen_count": 3, "unique_listeners": 2, "skip_count": 1},
        {"date": DAY, "track_id": "c", "listen_count": 0, "unique_listeners": 0, "skip_count": 1},
    ]


def test_user_daily_has_no_first_listen_for_a_user_with_only_skips() -> None:
    export = at("u a 10:00:00", "u c 09:00:00.5", "u c 08:00:00 1", "v a 00:00:00 29999")
    u, v = export.lines["user_daily"]
    assert u == {
        "date": DAY,
        "user_id": "u",
        "listen_count": 2,
        "skip_count": 1,
        "distinct_tracks": 2,
        "distinct_genres": 2,
        "total_listening_ms": 400_000,
        "first_listen": "2018-11-15T09:00:00.500Z",
        "last_listen": "2018-11-15T10:00:00.000Z",
    }
    assert (v["listen_count"], v["skip_count"], v["distinct_tracks"], v["first_listen"]) == (0, 1, 0, None)


def test_a_session_continues_within_thirty_minutes_and_ends_one_millisecond_later() -> None:
    # u: 10:00:00 + 10:30:00 = one session of 1,800,000 + 200,000; 11:00:00.001 = another of 300,000.
    # v: one of 100,000. Together 2,400,000 / 3 = 800,000.
    export = at("u a 10:00:00", "u b 10:30:00", "u c 11:00:00.001", "v a 10:00:00", "v a 10:10:00 29999")
    (day,) = export.lines["daily_overview"]
    assert (day["sessions"], day["avg_session_ms"]) == (3, 800_000)
    assert (day["listen_count"], day["skip_count"], day["daily_active_users"], day["distinct_tracks"]) == (4, 1, 2, 3)
    assert day["peak_hour"] == 10


def test_a_session_ends_with_its_date_and_of_two_last_listens_the_longer_counts() -> None:
    late = "u,c,2018-11-15 23:59:59.999", "u,a,2018-11-15 23:59:59.999", "u,a,2018-11-16 00:00:00"
    first, second = run(stream(*late)).lines["daily_overview"]
    assert (first["date"], first["sessions"], first["avg_session_ms"]) == ("2018-11-15", 1, 300_000)
    assert (second["date"], second["sessions"], second["avg_session_ms"]) == ("2018-11-16", 1, 100_000)


def test_completion_is_counted_over_listens_and_the_earliest_peak_hour_counts() -> None:
    export = at("u a 10:00:00 - true", "u a 09:00:00 - FALSE", "u a 11:00:00 - -", "u a 12:00:00 5 true")
    (day,) = export.lines["daily_overview"]
    assert (day["completed_count"], day["completion_known_count"], day["peak_hour"]) == (1, 2, 9)


def test_a_date_of_skips_has_an_overview_and_no_metric_of_listens() -> None:
    export = at("u a 10:00:00 0 - mobile")
    (day,) = export.lines["daily_overview"]
    assert (day["sessions"], day["avg_session_ms"], day["peak_hour"], day["skip_count"]) == (0, None, None, 1)
    empty = ("top_genres", "trending_24h", "artist_daily", "hourly_activity", "country_daily", "device_daily")
    assert all(export.lines[name] == [] for name in empty)


def test_a_listen_goes_to_every_credited_artist_once() -> None:
    songs = "track_id,duration_ms,artists\na,1,B;A;;B\nb,1,\n"
    export = run(stream(f"u,a,{DAY} 10:00:00", f"v,a,{DAY} 10:00:00", f"v,b,{DAY} 11:00:00"), songs=songs)
    assert export.lines["artist_daily"][0]["artists"] == [
        {"rank": 1, "artist": "A", "listen_count": 2, "unique_listeners": 2},
        {"rank": 2, "artist": "B", "listen_count": 2, "unique_listeners": 2},
    ]
    assert [line["genre"] for line in export.lines["genre_daily"]] == ["unknown"]


def test_hours_countries_and_devices_count_listens_and_listeners() -> None:
    export = at("u a 00:00:00 - - web", "u a 23:59:59.999 - - Web", "v a 23:00:00 - -", "w a 01:00:00 0 - tv")
    hours = export.lines["hourly_activity"][0]["hours"]
    assert [hour["hour"] for hour in hours] == list(range(24))
    assert hours[0] == {"hour": 0, "listen_count": 1, "unique_listeners": 1}
    assert hours[1] == {"hour": 1, "listen_count": 0, "unique_listeners": 0}
    assert hours[23] == {"hour": 23, "listen_count": 2, "unique_listeners": 2}
    assert [(line["country"], line["listen_count"]) for line in export.lines["country_daily"]] == [
        ("DE", 2),
        ("unknown", 1),
    ]
    assert [line["device_type"] for line in export.lines["device_daily"]] == ["Web", "web"]


def test_lines_are_sorted_by_bytes_of_utf8() -> None:
    users = USERS + "𝄞,,,,\nＡ,,,,\né,,,,\nz,,,,\n10,,,,\n2,,,,\n"
    export = run(stream(*(f"{user},a,{DAY} 10:00:00" for user in "𝄞Ａéz2"), f"10,a,{DAY} 10:00:00"), users=users)
    assert [line["user_id"] for line in export.lines["user_daily"]] == ["10", "2", "z", "é", "Ａ", "𝄞"]
