"""Makes listens as the tool's sample does, but as SQL, so that ten million rows take seconds.

Tracks and users have a long tail, listens have sessions and a daily rhythm. One row in a hundred is wrong, two in a
thousand are duplicates. The same options give the same bytes.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

TRACKS = 89_740
SONG_ROWS = 114_000
USERS = 50_000
FIRST = "2018-11-15"
#: Listens per hour of the day, as cli/src/demo/sample/listening.ts has them.
RHYTHM = (20, 14, 9, 6, 5, 6, 12, 22, 32, 34, 32, 33, 36, 35, 34, 35, 39, 46, 52, 54, 50, 44, 36, 28)

MACROS = f"""
create macro chance(i, salt) as (hash(i || '-' || salt) >> 11) / 9007199254740992.0;
create macro track_id(n) as left(md5('track' || n), 22);
create macro user_id(n) as 'user-' || n;
-- Density 1/n for tracks, n^-0.45 for users: a few are everywhere, most are rare.
create macro some_track(u) as least({TRACKS} - 1, cast(floor(exp(u * ln({TRACKS} + 1.0))) as bigint) - 1);
create macro some_user(u) as least({USERS} - 1, cast(floor({USERS} * pow(u, 1.82)) as bigint));
"""


@dataclass(frozen=True)
class Listening:
    """How many rows on how many dates from `first` on."""

    rows: int
    dates: int = 3
    first: str = FIRST
    event_ids: bool = False


def _hours() -> str:
    """Returns the SQL that maps a chance `u` to an hour of the day."""
    total, below = sum(RHYTHM), 0
    cases = []
    for hour, weight in enumerate(RHYTHM[:-1]):
        below += weight
        cases.append(f"when u < {below / total:.9f} then {hour}")
    return f"case {' '.join(cases)} else 23 end"


def rows_sql(listening: Listening) -> str:
    """Returns the SQL of one row per listen: i, user_id, track_id, listen_time, ms_played, completed, device_type."""
    return f"""
with sessions as (
  select s as session, chance(s, 1) as who, chance(s, 2) as u, chance(s, 3) as within, chance(s, 4) as device,
    s * {listening.dates} // {listening.rows // 7 + 1} as day
  from range({listening.rows // 7 + 1}) t(s)
),
begun as (
  select session, user_id(some_user(who)) as user_id, device,
    timestamp '{listening.first} 00:00:00' + to_days(cast(day as int)) + to_hours({_hours()})
      + to_milliseconds(cast(within * 3000000 as bigint)) as begin
  from sessions
),
listens as (
  select session * 7 + n as i, user_id, track_id(some_track(chance(session * 7 + n, 5))) as track_id,
    begin + to_milliseconds(n * 80000 + cast(chance(session * 7 + n, 6) * 9000 as bigint)) as listen_time,
    case when chance(i, 7) < 0.14 then 1000 + cast(chance(i, 8) * 28999 as bigint)
      else 90000 + cast(chance(i, 8) * 210000 as bigint) end as ms_played,
    ['phone', 'phone', 'desktop', 'laptop', 'tablet', 'speaker', 'tv', 'car'][1 + cast(floor(device * 8) as int)]
      as device
  from begun, range(7) r(n)
  where session * 7 + n < {listening.rows}
)
select i, user_id, track_id, strftime(listen_time, '%Y-%m-%d %H:%M:%S.%g') as listen_time,
  case when chance(i, 9) < 0.03 then '' else ms_played::varchar end as ms_played,
  case when chance(i, 10) < 0.1 then '' else (ms_played > 150000)::varchar end as completed,
  case when chance(i, 11) < 0.02 then '' else device end as device_type
from listens
"""


def lines_sql(listening: Listening) -> str:
    """Returns the SQL of the CSV lines in order: 1 % have one of seven defects, 0.2 % come twice."""
    event_id = "'e' || left(md5(i::varchar), 16) || ',' || " if listening.event_ids else ""
    return f"""
with spoilt as (
  select *, case when chance(i, 12) < 0.01 then cast(floor(chance(i, 13) * 7) as int) end as defect
  from ({rows_sql(listening)})
)
select unnest(case when chance(i, 14) < 0.002 then [line, line] else [line] end) as line from (
  select i, {event_id}case defect
    when 0 then user_id || ',' || track_id
    when 1 then ',' || track_id || ',' || listen_time || ',' || ms_played || ',' || completed || ',' || device_type
    else case defect when 5 then 'nobody' || i else user_id end || ','
      || case defect when 6 then 'no-such-track' else track_id end || ','
      || case defect when 2 then 'yesterday' when 3 then '2099-12-31 23:59:59' else listen_time end || ','
      || case defect when 4 then 'long' else ms_played end || ',' || completed || ',' || device_type
    end as line, listen_time
  from spoilt
) order by listen_time, i
"""


def connect() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:", config={"memory_limit": "4GB"})
    database.execute("set timezone = 'UTC'")
    database.execute(MACROS)
    return database


def write_lines(target: Path, listening: Listening) -> None:
    """Writes the CSV file with its header."""
    header = (
        "event_id," if listening.event_ids else ""
    ) + "user_id,track_id,listen_time,ms_played,completed,device_type"
    with connect() as database:
        # One column whose name is the header. DuckDB does not parse its values.
        options = "format csv, header true, quote '', escape '', delimiter '\x1f'"
        database.execute(f"copy (select line as \"{header}\" from ({lines_sql(listening)})) to '{target}' ({options})")


def write_reference(songs: Path, users: Path) -> None:
    """Writes users, and songs with several rows for many tracks, as in the Spotify file."""
    with connect() as database:
        database.execute(
            f"""copy (select i as id, track_id(i % {TRACKS}) as track_id, 'Artist ' || (i % 17000)
            || case when i % 5 = 0 then ';Artist ' || (i % 311) else '' end as artists,
            'Album ' || (i % 30000) as album_name,
            'Track ' || (i % {TRACKS}) as track_name, i % 101 as popularity,
            60000 + cast(chance(i, 0) * 300000 as bigint) as duration_ms,
            'genre ' || (i % 114) as track_genre from range({SONG_ROWS}) t(i)) to '{songs}' (format csv, header true)"""
        )
        database.execute(
            f"""copy (select user_id(i) as user_id, 'Name ' || i as user_name, 18 + i % 60 as user_age,
            ['DE','US','FR','BR','IN','JP','','GB'][1 + i % 8] as user_country, '2018-01-01' as created_at
            from range({USERS}) t(i)) to '{users}' (format csv, header true)"""
        )


def split_lines(whole: Path, parts: int, folder: Path) -> list[Path]:
    """Cuts `whole` into `parts` files of about the same size, each with the header."""
    folder.mkdir(parents=True)
    piece = whole.stat().st_size // parts + 1
    found = []
    with whole.open("rb") as source:
        header = source.readline()
        for number in range(parts):
            path = folder / f"listens-{number:03d}.csv"
            with path.open("wb") as target:
                target.write(header)
                for line in source.readlines(piece):
                    target.write(line)
            found.append(path)
    return found
