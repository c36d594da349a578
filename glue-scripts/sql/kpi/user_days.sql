-- Grain: one row per target date and user with an accepted row. Bit h of hours: a listen began in hour h.
select
  event_date,
  user_no,
  count(*) filter (where is_listen) as listen_count,
  count(*) filter (where not is_listen) as skip_count,
  cast(coalesce(sum(listening_ms) filter (where is_listen), 0) as bigint) as listening_ms,
  min(listen_time) filter (where is_listen) as first_listen,
  max(listen_time) filter (where is_listen) as last_listen,
  coalesce(bit_or(shiftleft(cast(1 as bigint), hour)) filter (where is_listen), 0) as hours
from plays
where on_target
group by event_date, user_no
