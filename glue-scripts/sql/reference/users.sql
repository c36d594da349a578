-- Grain: one row per user (kpis.md, 3, users). Of several usable rows of a user the last one counts, files in order of
-- their keys.
-- Reads: usable_users.
with ranked as (
  select
    *,
    row_number() over (partition by user_id order by file_number desc, row_number desc) as rank
  from usable_users
)

select user_id, cut(user_country, 256) as user_country
from ranked
where rank = 1
order by user_id
