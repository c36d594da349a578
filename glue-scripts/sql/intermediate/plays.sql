-- Grain: one row per effective row, with the further columns of its file (completed, device_type, …).
-- Adds up: stays in its partition.
-- Reads: effective, tracks, users.
select
  user_no, track_no, genre_no, listen_time, hour(listen_time) as hour,
  coalesce(ms_played >= 30000, true) as is_listen, coalesce(ms_played, duration_ms) as listening_ms,
  effective.* exclude (file, event_id, user_id, track_id, listen_time, ms_played)
from effective
join tracks using (track_id)
join users using (user_id)
