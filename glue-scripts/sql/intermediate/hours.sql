-- Grain: one row per hour with a listen. Adds up: sum by hour.
-- Reads: user_hours.
select
  hour, sum(listen_count) as listen_count, count(*) as unique_listeners,
  sum(completed_count) as completed_count, sum(completion_known_count) as completion_known_count
from user_hours
where listen_count > 0
group by all
