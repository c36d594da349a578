-- Grain: one row per date and user with an accepted row.
with heard as (
  select distinct event_date, user_no, track_no from plays where is_listen and on_target
),
track_counts as (
  select event_date, user_no, count(*) as distinct_tracks from heard group by event_date, user_no
),
moments as (
  select *, cast(first_listen as string) as first_text, cast(last_listen as string) as last_text from user_days
)
select
  moments.event_date,
  users.user_id,
  moments.listen_count,
  moments.skip_count,
  coalesce(track_counts.distinct_tracks, 0) as distinct_tracks,
  moments.distinct_genres,
  moments.listening_ms as total_listening_ms,
  substr(first_text, 1, 10) || 'T' || substr(first_text, 12, 8) || '.' || rpad(substr(first_text, 21, 3), 3, '0') || 'Z'
    as first_listen,
  substr(last_text, 1, 10) || 'T' || substr(last_text, 12, 8) || '.' || rpad(substr(last_text, 21, 3), 3, '0') || 'Z'
    as last_listen
from moments
join users on users.user_no = moments.user_no
left join track_counts on track_counts.event_date = moments.event_date and track_counts.user_no = moments.user_no
