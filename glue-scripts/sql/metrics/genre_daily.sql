-- Grain: one row per date and genre with an accepted row.
with songs as (
  select
    track_days.event_date,
    tracks.genre,
    track_days.track_no,
    track_days.listen_count,
    track_days.skip_count,
    track_days.listening_ms
  from track_days
  join tracks on tracks.track_no = track_days.track_no
),
totals as (
  select
    event_date,
    genre,
    cast(sum(listen_count) as bigint) as listen_count,
    cast(sum(skip_count) as bigint) as skip_count,
    cast(sum(listening_ms) as bigint) as total_listening_ms
  from songs
  group by event_date, genre
),
genres as (
  select distinct genre, genre_word, genre_mask from tracks
),
listeners as (
  select user_words.event_date, genres.genre, count(*) as unique_listeners
  from user_words
  join genres on genres.genre_word = user_words.genre_word
  where (user_words.genres & genres.genre_mask) <> 0
  group by user_words.event_date, genres.genre
),
places as (
  select *, row_number() over (partition by event_date, genre order by listen_count desc, track_no) as place
  from songs
  where listen_count > 0
),
entries as (
  select
    places.event_date,
    places.genre,
    places.place,
    '{"rank":' || places.place || ',' || named_tracks.named || ',"listen_count":' || places.listen_count || '}' as entry
  from places
  join named_tracks on named_tracks.track_no = places.track_no
  where places.place <= 3
),
top as (
  select
    event_date,
    genre,
    '[' || concat_ws(
      ',',
      max(entry) filter (where place = 1), max(entry) filter (where place = 2), max(entry) filter (where place = 3)
    ) || ']' as top_songs
  from entries
  group by event_date, genre
)
select
  totals.event_date,
  totals.genre,
  totals.listen_count,
  totals.skip_count,
  coalesce(listeners.unique_listeners, 0) as unique_listeners,
  totals.total_listening_ms,
  cast(
    (totals.total_listening_ms - totals.total_listening_ms % listeners.unique_listeners) / listeners.unique_listeners
    as bigint
  ) as avg_listening_ms_per_listener,
  coalesce(top.top_songs, '[]') as top_songs
from totals
left join listeners on listeners.event_date = totals.event_date and listeners.genre = totals.genre
left join top on top.event_date = totals.event_date and top.genre = totals.genre
