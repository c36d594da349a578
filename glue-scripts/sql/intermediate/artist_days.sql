-- Grain: one row per artist with a listen. A listen goes to every credited artist once. Adds up: sum by artist.
-- Reads: heard, credits, track_days.
with listeners as (
  select artist_no, count(distinct user_no) as unique_listeners from heard join credits using (track_no) group by all
)
select artist, sum(listen_count) as listen_count, any_value(listeners.unique_listeners) as unique_listeners
from track_days
join credits using (track_no)
join listeners using (artist_no)
group by all
