-- Grain: one row per user that a row of the run's dates names, numbered. A blank country is unknown. Made once a run.
-- Reads: accepted_of_run (kpi/compute.py), user_snapshot (kpi/compute.py).
select
  cast(row_number() over () as integer) as user_no, user_id,
  if(trim(user_country) <> '', user_country, 'unknown') as country
from (select distinct user_id from accepted_of_run)
left join user_snapshot using (user_id)
