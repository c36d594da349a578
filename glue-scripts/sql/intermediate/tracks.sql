-- Grain: one row per track that a row of the run's dates names, numbered: numbers are counted by faster than texts.
-- Made once a run.
-- Reads: accepted_of_run (kpi/compute.py), track_snapshot (kpi/compute.py).
-- A track that left the snapshot after its rows were accepted is without name, genre unknown.
select
  cast(row_number() over (order by track_id) as integer) as track_no,
  cast(dense_rank() over (order by coalesce(genre, 'unknown')) as integer) as genre_no,
  track_id, coalesce(track_name, '') as track_name, coalesce(artists, '') as artists,
  coalesce(duration_ms, 0) as duration_ms, coalesce(genre, 'unknown') as genre
from (select distinct track_id from accepted_of_run)
left join track_snapshot using (track_id)
