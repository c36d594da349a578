-- Grain: one row per track that a standing row names and the snapshot does not.
select distinct standing.track_id
from standing
where not exists (select 1 from track_snapshot where track_snapshot.track_id = standing.track_id)
