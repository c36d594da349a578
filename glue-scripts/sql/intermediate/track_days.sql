-- Grain: one row per track with a play, with what `tracks` says of it.
-- Adds up: sum by track_no, genre_no, track_id, track_name, artists, genre.
-- Reads: track_hours, heard, tracks.
with counts as (
  select track_no, sum(listen_count) as listen_count, sum(skip_count) as skip_count, sum(listening_ms) as listening_ms
  from track_hours
  group by all
),
listeners as (
  select track_no, count(*) as unique_listeners from heard group by all
)
select
  tracks.* exclude (duration_ms), listen_count, skip_count, listening_ms,
  coalesce(unique_listeners, 0) as unique_listeners
from counts
join tracks using (track_no)
left join listeners using (track_no)
