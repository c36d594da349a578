-- Grain: one row per accepted row of the dates read. file_place orders files by the bytes of their keys. identity is a
-- hash of what makes the row the same row: equal rows have equal ones, and only few others do.
select
  validated.*,
  cast(validated.listen_time as date) as event_date,
  files.file_place,
  case
    when validated.event_id is null then xxhash64(validated.user_id, validated.track_id, validated.listen_time)
    else xxhash64(validated.event_id)
  end as identity
from validated
join files on files.file = validated.file
