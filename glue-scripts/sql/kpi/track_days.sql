-- Grain: one row per target date and track with an accepted row.
select
  event_date,
  track_no,
  count(*) filter (where is_listen) as listen_count,
  count(*) filter (where not is_listen) as skip_count,
  cast(coalesce(sum(listening_ms) filter (where is_listen), 0) as bigint) as listening_ms
from plays
where on_target
group by event_date, track_no
