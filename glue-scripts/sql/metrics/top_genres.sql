-- Grain: one row per date with a listen: its five most heard genres.
with totals as (
  select track_days.event_date, tracks.genre, cast(sum(track_days.listen_count) as bigint) as listen_count
  from track_days
  join tracks on tracks.track_no = track_days.track_no
  where track_days.listen_count > 0
  group by track_days.event_date, tracks.genre
),
places as (
  select *, row_number() over (partition by event_date order by listen_count desc, genre) as place from totals
),
quoted as (
  select genre, to_json(array_agg(genre)) as list from (select distinct genre from totals) as named group by genre
),
entries as (
  select
    places.event_date,
    places.place,
    '{"rank":' || places.place || ',"genre":' || substr(quoted.list, 2, length(quoted.list) - 2)
      || ',"listen_count":' || places.listen_count || '}' as entry
  from places
  join quoted on quoted.genre = places.genre
  where places.place <= 5
)
select
  event_date,
  '[' || concat_ws(
    ',',
    max(entry) filter (where place = 1), max(entry) filter (where place = 2), max(entry) filter (where place = 3),
    max(entry) filter (where place = 4), max(entry) filter (where place = 5)
  ) || ']' as genres
from entries
group by event_date
