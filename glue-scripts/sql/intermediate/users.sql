-- Grain: one row per user with an accepted row, numbered. A blank country is unknown.
select
  cast(row_number() over () as integer) as user_no, user_id,
  if(trim(user_country) <> '', user_country, 'unknown') as country
from (select distinct user_id from validated)
left join user_snapshot using (user_id)
