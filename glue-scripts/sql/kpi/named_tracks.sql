-- Grain: one row per track with an accepted row on the dates read; named is what every list of tracks says of it, as
-- the inside of a JSON object. A list of one text is how both engines write a text as JSON.
with lists as (
  select
    track_no,
    to_json(array_agg(track_id)) as id_list,
    to_json(array_agg(track_name)) as name_list,
    to_json(array_agg(artists)) as artists_list
  from tracks
  where track_no in (select track_no from track_hours)
  group by track_no
)
select
  track_no,
  '"track_id":' || substr(id_list, 2, length(id_list) - 2)
    || ',"track_name":' || substr(name_list, 2, length(name_list) - 2)
    || ',"artists":' || substr(artists_list, 2, length(artists_list) - 2) as named
from lists
