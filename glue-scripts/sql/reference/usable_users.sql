-- Grain: one row per usable row of the users files (kpis.md, 3, users): it has a user_id.
-- Reads: user_rows (the columns of the users files as trimmed text, malformed, file_number, row_number).
select user_id, coalesce(user_country, '') as user_country, file_number, row_number
from user_rows
where malformed is null and user_id <> ''
