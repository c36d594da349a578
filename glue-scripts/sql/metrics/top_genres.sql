-- Grain: one row per rank of the date's five most heard genres.
-- Reads: genre_days.
select row_number() over (order by listen_count desc, genre) as rank, genre, listen_count
from genre_days
where listen_count > 0
qualify rank <= 5
