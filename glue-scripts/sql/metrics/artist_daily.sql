-- Grain: one row per rank of the date's ten most heard artists.
-- A date whose listens credit nobody has one row of nulls.
-- Reads: artist_days, hours.
with artists as (
  select row_number() over (order by listen_count desc, artist) as rank, artist, listen_count, unique_listeners
  from artist_days
  qualify rank <= 10
)
select artists.*
from (from hours limit 1)
left join artists on true
