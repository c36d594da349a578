"""trending_24h: the query that follows few tracks finds what a query that follows every track finds."""

import random
from collections.abc import Iterator, Sequence

import pytest

from sql.database import read_sql
from sql.session import Session

D = "2018-11-15"
HOURS = {"2018-11-13": range(-48, -24), "2018-11-14": range(-24, 0), D: range(24)}
PLAIN = """
with as_of_hours as (
  select midnight + to_hours(number) as as_of from day, range(1, 25) as numbers(number)
),
windows as (
  select
    as_of, track_no, coalesce(sum(listens) filter (start >= as_of - interval 24 hours), 0) as plays_24h,
    coalesce(sum(listens) filter (start < as_of - interval 24 hours), 0) as plays_prev_24h
  from as_of_hours
  join hourly_listens on start >= as_of - interval 48 hours and start < as_of
  group by all
)
select
  strftime(as_of, '%Y-%m-%dT%H:%M:%SZ') as as_of,
  row_number() over (partition by windows.as_of order by plays_24h desc, plays_prev_24h, track_id) as rank,
  track_id, track_name, artists, plays_24h, plays_prev_24h
from windows
join tracks using (track_no)
where plays_24h > 0
qualify rank <= 10
"""

#: (track, hour after the midnight of D, listens)
Listens = tuple[int, int, int]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with Session("500MB", tmp_path_factory.mktemp("session"), threads=1) as opened:
        opened.table("day", f"select timestamp '{D}' as midnight")
        # The order of the ids is not that of the numbers.
        ids = "select number, md5(number::varchar) as id from range(400) as numbers(number)"
        names = "id as track_id, 'Song ' || id as track_name, 'Artist ' || id as artists"
        opened.table("tracks", f"select number::integer as track_no, {names} from ({ids})")
        yield opened


def trending(session: Session, found: Sequence[Listens]) -> list[str]:
    """Returns the rows of the metric as sorted texts, after a comparison with the plain query."""
    columns = {"track_no": "integer", "hour": "integer", "listens": "bigint"}
    session.rows("given", columns, found)
    hours = f"select timestamp '{D}' + to_hours(hour) as start, track_no, listens from given"
    session.table("hourly_listens", hours)
    quick, plain = (sorted(map(str, session.query(sql))) for sql in (read_sql("metrics", "trending_24h"), PLAIN))
    assert quick == plain
    return quick


def random_listens(seed: int, tracks: int, count: int, most: int, hours: Sequence[int]) -> list[Listens]:
    """Returns up to `count` rows of different track and hour. With an odd seed, few tracks have most of the rows."""
    chance = random.Random(seed)
    skew = 4 if seed % 2 else 1
    pairs = {(int(tracks * chance.random() ** skew), chance.choice(hours)) for _ in range(count)}
    return [(track, hour, chance.randint(1, most)) for track, hour in sorted(pairs)]


ALL_HOURS = range(-48, 24)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("tracks", "count", "most", "hours"),
    [
        pytest.param(30, 900, 9, ALL_HOURS, id="some tracks"),
        pytest.param(40, 1200, 1, ALL_HOURS, id="ties around the tenth rank"),
        pytest.param(400, 400, 1, ALL_HOURS, id="more than a hundred tracks, most of them equal"),
        pytest.param(400, 5000, 9, ALL_HOURS, id="more than a hundred tracks"),
        pytest.param(7, 90, 3, ALL_HOURS, id="fewer than ten tracks"),
        pytest.param(60, 500, 4, [*HOURS["2018-11-13"], *HOURS["2018-11-14"]], id="no listens on the date"),
        pytest.param(60, 500, 4, HOURS["2018-11-13"], id="listens two dates before only"),
        pytest.param(60, 500, 4, HOURS[D], id="listens on the date only"),
        pytest.param(60, 300, 4, [-41, -40, -20, 3, 23], id="hours without listens"),
        pytest.param(60, 60, 4, [23], id="listens in the last hour only"),
    ],
)
def test_the_quick_query_finds_the_tracks_of_the_plain_one(
    session: Session, seed: int, tracks: int, count: int, most: int, hours: Sequence[int]
) -> None:
    found = trending(session, random_listens(seed, tracks, count, most, hours))
    # Windows of the date reach back to 01:00 of the date before.
    assert (found != []) == (max(hours) >= -23)


def test_nothing_is_trending_without_listens(session: Session) -> None:
    assert trending(session, []) == []


def test_a_track_of_one_hour_trends_beside_a_hundred_that_have_more_in_all(session: Session) -> None:
    steady = [(track, hour, 2) for track in range(150) for hour in range(-23, 24, 2)]
    short = [(track, 5, 25) for track in range(200, 212)]
    found = trending(session, [*steady, *short])
    assert any("25, 0)" in line for line in found)


def test_a_track_trends_in_hours_without_listens_of_the_hundred_best(session: Session) -> None:
    found = trending(session, [*((track, -23, 5) for track in range(150)), (300, 10, 1)])
    # In the 24 hours before 01:00, ten of the best; from 11:00 to 24:00, the one track.
    assert len(found) == 10 + 14


def test_of_tracks_equal_at_the_tenth_rank_the_one_with_fewer_listens_before_comes_first(session: Session) -> None:
    leading = [(track, 0, 9) for track in range(9)]
    equal = [(track, 0, 3) for track in range(100, 140)]
    before = [(track, -24, track - 99) for track in range(101, 140)]
    found = trending(session, [*leading, *equal, *before])
    tenth = [line for line in found if f"'{D}T01:00:00Z', 10," in line]
    (track_100,) = session.query("select track_id from tracks where track_no = 100")
    assert [track_100[0] in line for line in tenth] == [True]
