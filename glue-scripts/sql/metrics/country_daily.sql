-- Grain: one row per country of a user with a listen.
-- Reads: user_days.
select country, sum(listen_count) as listen_count, count(*) as unique_listeners
from user_days
where listen_count > 0
group by country
