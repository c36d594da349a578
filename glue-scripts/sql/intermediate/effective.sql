-- Grain: one row per accepted row that is no duplicate.
select validated.*
from validated
anti join duplicates
  on duplicates.file = validated.file and duplicates.user_id = validated.user_id
  and duplicates.track_id = validated.track_id and duplicates.listen_time = validated.listen_time
  and duplicates.event_id is not distinct from validated.event_id
