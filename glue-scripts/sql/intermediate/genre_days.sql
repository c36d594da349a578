-- Grain: one row per genre with a play. Adds up: sum by genre.
select
  genre, sum(listen_count) as listen_count, sum(skip_count) as skip_count, sum(listening_ms) as listening_ms,
  coalesce(any_value(genre_listeners.unique_listeners), 0) as unique_listeners
from track_days
join tracks using (track_no)
left join (select genre_no, count(*) as unique_listeners from user_genres group by all) as genre_listeners
  using (genre_no)
group by all
