-- Grain: one row per hour, all 24, of a date with a listen.
select hour, coalesce(listen_count, 0) as listen_count, coalesce(unique_listeners, 0) as unique_listeners
from range(24) as day(hour)
left join hours using (hour)
where exists (from hours)
