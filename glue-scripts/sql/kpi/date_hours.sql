-- Grain: one row per target date and hour with a listen.
select event_date, hour, count(*) as listen_count
from plays
where is_listen and on_target
group by event_date, hour
