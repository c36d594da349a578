-- Grain: one row per user that the snapshot knows or a row names. user_no numbers them; a blank country is unknown.
with listed as (
  select user_id, user_country from user_snapshot
  union all
  select user_id, '' from unlisted_users
)
select
  cast(row_number() over (order by user_id) as int) as user_no,
  user_id,
  case when trim(coalesce(user_country, '')) = '' then 'unknown' else user_country end as country
from listed
