-- Grain: one row per track and hour with a play. Adds up: sum by track_no, hour.
-- Reads: plays.
select
  track_no, hour, count(*) filter (is_listen) as listen_count, count(*) filter (not is_listen) as skip_count,
  coalesce(sum(listening_ms) filter (is_listen), 0) as listening_ms
from plays
group by all
