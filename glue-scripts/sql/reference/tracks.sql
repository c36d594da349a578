-- Grain: one row per track (kpis.md, 3, songs). Of several usable rows of a track the most popular one counts, then the
-- first by genre, then the first by id; missing values come last. The other columns decide between rows that are equal.
-- Reads: usable_songs.
with ranked as (
  select
    *,
    row_number() over (
      partition by track_id
      order by popularity desc nulls last, genre nulls last, id nulls last, track_name, artists, duration_ms
    ) as rank
  from usable_songs
)

select
  track_id,
  cut(track_name, 1024) as track_name,
  cut(artists, 1024) as artists,
  duration_ms,
  cut(coalesce(genre, 'unknown'), 256) as genre
from ranked
where rank = 1
order by track_id
