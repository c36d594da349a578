-- Grain: one row per device type of a listen, where it is given. Adds up: sum by device_type.
-- Reads: plays.
select device_type, count(*) as listen_count, count(distinct user_no) as unique_listeners
from plays
where is_listen and device_type is not null
group by all
