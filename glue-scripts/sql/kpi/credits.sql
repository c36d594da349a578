-- Grain: one row per track with an accepted row on the dates read and artist it credits; names as written, each once.
-- A catalogue has many times the tracks that a few dates hear of.
with credited as (
  select track_no, explode(split(artists, ';')) as artist from tracks where track_no in (select track_no from track_hours)
)
select distinct track_no, artist from credited where trim(artist) <> ''
