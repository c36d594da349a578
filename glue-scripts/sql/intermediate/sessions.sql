-- Grain: one row: the number of sessions and the sum of their lengths. Adds up: sum.
-- Reads: plays.
-- A session is one user's listens with at most 30 minutes between two starts. It lasts until the end of the listen that
-- started last; of several that started at once, until the end of the longest.
with listens as (
  select
    listening_ms,
    lead(listen_time) over (partition by user_no order by listen_time, listening_ms) - listen_time as until_next
  from plays
  where is_listen
)
select
  count(*) filter (until_next is null or until_next > interval 30 minutes) as sessions,
  coalesce(sum(if(until_next <= interval 30 minutes, epoch_ms(until_next), listening_ms)), 0) as session_ms
from listens
