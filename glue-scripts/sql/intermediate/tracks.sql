-- Grain: one row per track of the snapshot, numbered since numbers are counted by faster than texts. Made once for all.
select
  cast(row_number() over (order by track_id) as integer) as track_no,
  cast(dense_rank() over (order by genre) as integer) as genre_no,
  track_id, coalesce(track_name, '') as track_name, coalesce(artists, '') as artists, duration_ms, genre
from track_snapshot
