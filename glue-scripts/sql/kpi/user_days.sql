-- Grain: one row per target date and user with an accepted row. Bit h of hours: a listen began in hour h.
select
  event_date,
  user_no,
  cast(sum(listen_count) as bigint) as listen_count,
  cast(sum(skip_count) as bigint) as skip_count,
  cast(sum(listening_ms) as bigint) as listening_ms,
  cast(sum(bit_count(genres)) as bigint) as distinct_genres,
  min(first_listen) as first_listen,
  max(last_listen) as last_listen,
  bit_or(hours) as hours
from user_words
group by event_date, user_no
