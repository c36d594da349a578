-- Grain: one row per track with a listen and artist that it credits, numbered; names as written, each once.
select track_no, cast(dense_rank() over (order by artist) as integer) as artist_no, artist
from (select distinct track_no, unnest(split(artists, ';')) as artist from tracks semi join heard using (track_no))
where trim(artist) <> ''
