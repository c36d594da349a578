-- Grain: one row per date with a listen: its ten most heard artists. A listen goes to every credited artist once.
with totals as (
  select track_days.event_date, credits.artist, cast(sum(track_days.listen_count) as bigint) as listen_count
  from track_days
  join credits on credits.track_no = track_days.track_no
  where track_days.listen_count > 0
  group by track_days.event_date, credits.artist
),
places as (
  select *, row_number() over (partition by event_date order by listen_count desc, artist) as place from totals
),
leaders as (
  select event_date, artist, listen_count, place from places where place <= 10
),
-- Only of the leaders' tracks are listeners counted: a few thousand rows instead of all.
listeners as (
  select plays.event_date, leaders.artist, count(distinct plays.user_no) as unique_listeners
  from leaders
  join credits on credits.artist = leaders.artist
  join plays on plays.track_no = credits.track_no and plays.event_date = leaders.event_date
  where plays.is_listen and plays.on_target
  group by plays.event_date, leaders.artist
),
quoted as (
  select artist, to_json(array_agg(artist)) as list from (select distinct artist from leaders) as named group by artist
),
entries as (
  select
    leaders.event_date,
    leaders.place,
    '{"rank":' || leaders.place || ',"artist":' || substr(quoted.list, 2, length(quoted.list) - 2)
      || ',"listen_count":' || leaders.listen_count || ',"unique_listeners":' || listeners.unique_listeners
      || '}' as entry
  from leaders
  join listeners on listeners.event_date = leaders.event_date and listeners.artist = leaders.artist
  join quoted on quoted.artist = leaders.artist
),
dates as (
  select distinct event_date from track_days where listen_count > 0
)
select
  dates.event_date,
  '[' || concat_ws(
    ',',
    max(entry) filter (where place = 1), max(entry) filter (where place = 2), max(entry) filter (where place = 3),
    max(entry) filter (where place = 4), max(entry) filter (where place = 5), max(entry) filter (where place = 6),
    max(entry) filter (where place = 7), max(entry) filter (where place = 8), max(entry) filter (where place = 9),
    max(entry) filter (where place = 10)
  ) || ']' as artists
from dates
left join entries on entries.event_date = dates.event_date
group by dates.event_date
