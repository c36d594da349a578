-- Grain: one row per standing row of the dates read. on_target says whether its date is to be computed; the others are
-- read for trending_24h only. Texts become numbers here, once, since everything after counts by them.
select
  standing.event_date,
  target_dates.event_date is not null as on_target,
  standing.listen_time,
  cast(hour(standing.listen_time) as int) as hour,
  users.user_no,
  tracks.track_no,
  standing.ms_played is null or standing.ms_played >= 30000 as is_listen,
  coalesce(standing.ms_played, tracks.duration_ms, 0) as listening_ms,
  standing.completed,
  standing.device_type
from standing
left join target_dates on target_dates.event_date = standing.event_date
left join users on users.user_id = standing.user_id
left join tracks on tracks.track_id = standing.track_id
