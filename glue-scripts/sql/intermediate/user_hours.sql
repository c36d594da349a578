-- Grain: one row per user and hour with a play. Adds up: stays in its partition.
-- Reads: plays.
select
  user_no, hour, count(*) filter (is_listen) as listen_count, count(*) filter (not is_listen) as skip_count,
  coalesce(sum(listening_ms) filter (is_listen), 0) as listening_ms,
  min(listen_time) filter (is_listen) as first_listen, max(listen_time) filter (is_listen) as last_listen,
  count(*) filter (is_listen and completed) as completed_count,
  count(completed) filter (is_listen) as completion_known_count
from plays
group by all
