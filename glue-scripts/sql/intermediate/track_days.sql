-- Grain: one row per track with a play. Adds up: sum by track_no.
select
  track_no, sum(listen_count) as listen_count, sum(skip_count) as skip_count, sum(listening_ms) as listening_ms,
  coalesce(any_value(unique_listeners), 0) as unique_listeners
from track_hours
left join (select track_no, count(*) as unique_listeners from heard group by all) using (track_no)
group by all
