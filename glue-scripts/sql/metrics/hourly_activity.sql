-- Grain: one row per hour, all 24, of a date with a listen.
-- Reads: hours.
select hour, coalesce(listen_count, 0) as listen_count, coalesce(unique_listeners, 0) as unique_listeners
from range(24) as all_hours(hour)
left join hours using (hour)
where exists (from hours)
