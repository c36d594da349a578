-- Grain: one row per track and artist it credits; names as written, each once.
with credited as (
  select track_no, explode(split(artists, ';')) as artist from tracks
)
select distinct track_no, artist from credited where trim(artist) <> ''
