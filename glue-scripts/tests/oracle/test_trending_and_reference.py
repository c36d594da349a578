"""Windows of 24 hours, and which of several rows represents a track or user."""

from typing import Any

from oracle.builders import run, stream
from oracle.reference import countries, tracks

HEAD = "id,track_id,artists,track_name,popularity,duration_ms,track_genre\n"


def trend(*rows: str) -> dict[str, list[Any]]:
    """as_of → (track, plays_24h, plays_prev_24h)."""
    found = run(stream(*rows)).lines["trending_24h"]
    return {
        line["as_of"]: [(item["track_id"], item["plays_24h"], item["plays_prev_24h"]) for item in line["tracks"]]
        for line in found
    }


def test_one_listen_trends_at_the_24_whole_hours_after_it() -> None:
    found = list(trend("u,a,2018-11-15 10:00:00"))
    assert (len(found), found[0], found[-1]) == (24, "2018-11-15T11:00:00Z", "2018-11-16T10:00:00Z")
    found = list(trend("u,a,2018-11-15 10:00:00.001"))
    assert (len(found), found[0], found[-1]) == (24, "2018-11-15T11:00:00Z", "2018-11-16T10:00:00Z")
    assert next(iter(trend("u,a,2018-11-15 09:59:59.999"))) == "2018-11-15T10:00:00Z"


def test_plays_of_the_window_before_are_counted_but_list_no_track_by_themselves() -> None:
    found = trend("u,a,2018-11-15 10:00:00", "u,b,2018-11-16 10:00:00", "u,a,2018-11-16 09:59:59.999")
    # [15T10, 16T10) holds both of a's listens; b's begins at the border.
    assert found["2018-11-16T10:00:00Z"] == [("a", 2, 0)]
    # [15T11, 16T11) holds a at 09:59 and b; a at 10:00 the day before lies in [14T11, 15T11).
    assert found["2018-11-16T11:00:00Z"] == [("b", 1, 0), ("a", 1, 1)]
    assert found["2018-11-17T10:00:00Z"] == [("b", 1, 0)]
    assert found["2018-11-17T09:00:00Z"] == [("b", 1, 0), ("a", 1, 1)]
    assert list(found)[-1] == "2018-11-17T10:00:00Z"


def test_a_listen_leaves_both_windows_after_48_hours() -> None:
    found = trend("u,a,2018-11-15 10:00:00", "u,a,2018-11-17 09:00:00")
    assert found["2018-11-17T10:00:00Z"] == [("a", 1, 1)]
    assert found["2018-11-17T11:00:00Z"] == [("a", 1, 0)]
    assert "2018-11-16T11:00:00Z" not in found


def test_skips_do_not_trend() -> None:
    assert trend("u,a,2018-11-15 10:00:00,,29999") == {}


def genre_of(*rows: str) -> str:
    """Returns the genre of track `t`: rows are `id popularity genre`, `-` for nothing."""
    cells = [[cell.strip("-") for cell in row.split()] for row in rows]
    text = HEAD + "".join(f"{number},t,,,{popularity},1,{genre}\n" for number, popularity, genre in cells)
    return tracks([("songs", text.encode())])["t"].genre


def test_popularity_as_a_number_then_genre_then_id_choose_the_row_of_a_track() -> None:
    assert genre_of("1 9 a", "2 10 b") == "b"
    assert genre_of("1 - a", "2 0 b") == "b"
    assert genre_of("1 5 b", "2 5 A", "3 5 -") == "a"
    assert genre_of("1 5 -", "2 5 z") == "z"
    assert genre_of("1 - -") == "unknown"


def test_the_lower_id_as_a_number_decides_the_last_tie() -> None:
    text = HEAD + "10,t,,ten,5,1,a\n9,t,,nine,5,1,a\n,t,,none,5,1,a\n"
    assert tracks([("songs", text.encode())])["t"].track_name == "nine"


def test_song_rows_without_a_positive_duration_are_left_out() -> None:
    text = HEAD + "1,t,,,100,0,a\n2,t,,,1,5,b\n3,s,,,1,,a\n4, r ,,,1,007,a\n"
    found = tracks([("songs", text.encode())])
    assert {track: found[track].duration_ms for track in found} == {"t": 5, "r": 7}


def test_the_last_row_of_a_user_counts_and_a_blank_country_is_unknown() -> None:
    text = "user_country,user_id\nDE,u\n ,v\nUS, u \nFR,\n"
    assert countries([("users", text.encode())]) == {"u": "US", "v": "unknown"}


def test_long_names_genres_and_countries_are_cut_and_end_with_an_ellipsis() -> None:
    songs = HEAD + f"1,t,{'A' * 1025},{'é' * 1024},1,1,{' G' + 'g' * 256}\n"
    track = tracks([("songs", songs.encode())])["t"]
    assert (track.artists, track.track_name) == ("A" * 1023 + "…", "é" * 1024)
    assert track.genre == "g" * 255 + "…"
    users = f"user_id,user_country\nu,{'C' * 257}\nv, {'C' * 256} \n"
    assert countries([("users", users.encode())]) == {"u": "C" * 255 + "…", "v": "C" * 256}
