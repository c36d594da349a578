-- Grain: one row per date and device type of a listen, where it is given.
with users_of_device as (
  select event_date, device_type, user_no, count(*) as listen_count
  from plays
  where is_listen and on_target and device_type is not null
  group by event_date, device_type, user_no
)
select event_date, device_type, cast(sum(listen_count) as bigint) as listen_count, count(*) as unique_listeners
from users_of_device
group by event_date, device_type
