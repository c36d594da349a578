-- Grain: one row per date with an accepted row.
-- A session is one user's listens of the date with at most 30 minutes between two starts. It lasts from its first start
-- to its last start plus that listen's time (of several at that same start, the longest).
with listens as (
  select event_date, user_no, unix_millis(listen_time) as started_at, listening_ms
  from plays
  where is_listen and on_target
),
-- All dates of a user in one order: sorting by one number takes half as long as by date and number.
neighbours as (
  select
    event_date,
    started_at % 86400000 as of_day,
    listening_ms,
    started_at - lag(started_at) over of_user as since_last,
    lead(started_at) over of_user - started_at as until_next
  from listens
  window of_user as (partition by user_no order by started_at, listening_ms)
),
links as (
  select
    event_date,
    listening_ms,
    since_last,
    since_last <= 1800000 and since_last <= of_day as goes_on_from_last,
    until_next <= 1800000 and until_next < 86400000 - of_day as goes_on_to_next
  from neighbours
),
sessions as (
  select
    event_date,
    cast(sum(case when goes_on_from_last then 0 else 1 end) as bigint) as sessions,
    cast(
      sum(case when goes_on_from_last then since_last else 0 end)
      + sum(case when goes_on_to_next then 0 else listening_ms end)
      as bigint
    ) as session_ms
  from links
  group by event_date
),
users_of_day as (
  select
    event_date,
    cast(sum(listen_count) as bigint) as listen_count,
    cast(sum(skip_count) as bigint) as skip_count,
    count(*) filter (where listen_count > 0) as daily_active_users,
    cast(sum(listening_ms) as bigint) as total_listening_ms
  from user_days
  group by event_date
),
tracks_of_day as (
  select event_date, count(*) filter (where listen_count > 0) as distinct_tracks from track_days group by event_date
),
hour_places as (
  select event_date, hour, row_number() over (partition by event_date order by listen_count desc, hour) as place
  from date_hours
),
peaks as (
  select event_date, hour as peak_hour from hour_places where place = 1
),
completions as (
  select
    event_date,
    count(*) filter (where completed) as completed_count,
    count(completed) as completion_known_count
  from plays
  where is_listen and on_target
  group by event_date
)
select
  users_of_day.event_date,
  users_of_day.listen_count,
  users_of_day.skip_count,
  users_of_day.daily_active_users,
  tracks_of_day.distinct_tracks,
  users_of_day.total_listening_ms,
  coalesce(sessions.sessions, 0) as sessions,
  cast((sessions.session_ms - sessions.session_ms % sessions.sessions) / sessions.sessions as bigint) as avg_session_ms,
  peaks.peak_hour,
  coalesce(completions.completed_count, 0) as completed_count,
  coalesce(completions.completion_known_count, 0) as completion_known_count
from users_of_day
join tracks_of_day on tracks_of_day.event_date = users_of_day.event_date
left join sessions on sessions.event_date = users_of_day.event_date
left join peaks on peaks.event_date = users_of_day.event_date
left join completions on completions.event_date = users_of_day.event_date
