-- Grain: one row per user with a play. first_listen and last_listen are null without listens.
-- Reads: user_days.
select
  user_id, listen_count, skip_count, distinct_tracks, distinct_genres, listening_ms as total_listening_ms,
  strftime(first_listen, '%Y-%m-%dT%H:%M:%S.%gZ') as first_listen,
  strftime(last_listen, '%Y-%m-%dT%H:%M:%S.%gZ') as last_listen
from user_days
