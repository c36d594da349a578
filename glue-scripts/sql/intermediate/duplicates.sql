-- Grain: one row per accepted row that a file with a smaller key has, too. A file has a row only once.
-- Adds up: stays in its partition.
-- Reads: accepted_of_partition (kpi/steps.py), files (kpi/compute.py).
-- Only rows of the time in which two files overlap are compared, and of those only the ones whose hash is repeated.
with spans as (
  select file, min(listen_time) as first_time, max(listen_time) as last_time from accepted_of_partition group by all
),
shared_times as (
  select a.file, min(greatest(a.first_time, b.first_time)) as from_time, max(least(a.last_time, b.last_time)) as to_time
  from spans as a
  join spans as b on b.file <> a.file and b.first_time <= a.last_time and b.last_time >= a.first_time
  group by all
),
candidates as (
  select a.*, hash(user_id, track_id, listen_time, event_id) as identity_hash
  from accepted_of_partition as a
  join shared_times on shared_times.file = a.file and listen_time between from_time and to_time
),
repeated as (
  select identity_hash from candidates group by all having count(*) > 1
)
select file, user_id, track_id, listen_time, event_id
from candidates
join files using (file)
where identity_hash in (select identity_hash from repeated)
qualify row_number() over (partition by user_id, track_id, listen_time, event_id order by file_order) > 1
