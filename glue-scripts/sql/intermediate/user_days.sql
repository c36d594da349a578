-- Grain: one row per user with a play. Adds up: union.
-- Reads: user_hours, user_genres, users.
with counts as (
  select
    user_no, sum(listen_count) as listen_count, sum(skip_count) as skip_count, sum(listening_ms) as listening_ms,
    min(first_listen) as first_listen, max(last_listen) as last_listen
  from user_hours
  group by all
),
variety as (
  select user_no, sum(distinct_tracks) as distinct_tracks, count(*) as distinct_genres from user_genres group by all
)
select
  user_id, country, counts.* exclude (user_no),
  coalesce(distinct_tracks, 0) as distinct_tracks, coalesce(distinct_genres, 0) as distinct_genres
from counts
join users using (user_no)
left join variety using (user_no)
