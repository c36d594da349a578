-- Grain: one row per track with a listen and artist that it credits, numbered; names as written, each once.
-- Adds up: stays in its partition.
-- Reads: track_days.
with names as (
  select distinct track_no, unnest(split(artists, ';')) as artist from track_days where listen_count > 0
)
select track_no, cast(dense_rank() over (order by artist) as integer) as artist_no, artist
from names
where trim(artist) <> ''
