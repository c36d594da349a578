-- Grain: one row for a date with a play. peak_hour is the hour with the most listens, the earliest of equals.
-- Reads: user_days, hours, track_days, sessions.
with totals as (
  select
    sum(listen_count) as listen_count, sum(skip_count) as skip_count,
    count(*) filter (listen_count > 0) as daily_active_users, sum(listening_ms) as total_listening_ms
  from user_days
  having count(*) > 0
),
hours_of_day as (
  select
    arg_max(hour, (listen_count, -hour)) as peak_hour, coalesce(sum(completed_count), 0) as completed_count,
    coalesce(sum(completion_known_count), 0) as completion_known_count
  from hours
)
select
  totals.*, (select count(*) from track_days where listen_count > 0) as distinct_tracks,
  sessions, session_ms // nullif(sessions, 0) as avg_session_ms, hours_of_day.*
from totals, sessions, hours_of_day
