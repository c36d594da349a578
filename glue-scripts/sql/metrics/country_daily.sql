-- Grain: one row per date and country of a user with a listen.
select
  user_days.event_date,
  users.country,
  cast(sum(user_days.listen_count) as bigint) as listen_count,
  count(*) as unique_listeners
from user_days
join users on users.user_no = user_days.user_no
where user_days.listen_count > 0
group by user_days.event_date, users.country
