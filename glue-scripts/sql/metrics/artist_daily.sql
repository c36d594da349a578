-- Grain: one row per rank of the date's ten most heard artists.
select row_number() over (order by listen_count desc, artist) as rank, artist, listen_count, unique_listeners
from artist_days
qualify rank <= 10
