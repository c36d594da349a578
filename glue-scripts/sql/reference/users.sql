-- Grain: one row per user of the reference snapshot: the last row of a repeated id stands (kpis.md, users).
-- Reads: user_rows (columns of the users files as trimmed text, malformed, file_number in order of the keys, row_number).
with ranked as (
  select
    user_id,
    coalesce(user_country, '') as user_country,
    row_number() over (partition by user_id order by file_number desc, row_number desc) as place
  from user_rows
  where malformed is null and user_id <> ''
)

select user_id, user_country
from ranked
where place = 1
order by user_id
