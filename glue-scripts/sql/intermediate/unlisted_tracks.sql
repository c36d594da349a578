-- Grain: one row per track of a play that left the snapshot after its rows were accepted. Appended to tracks.
select
  cast((select coalesce(max(track_no), 0) from tracks) + row_number() over () as integer) as track_no,
  (select coalesce(min(genre_no), 0) from tracks where genre = 'unknown') as genre_no,
  track_id, '' as track_name, '' as artists, 0 as duration_ms, 'unknown' as genre
from (select distinct track_id from effective anti join tracks using (track_id))
