-- Grain: one row per user that a standing row names and the snapshot does not.
select distinct standing.user_id
from standing
where not exists (select 1 from user_snapshot where user_snapshot.user_id = standing.user_id)
