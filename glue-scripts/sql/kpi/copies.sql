-- Grain: one row per copy of a row that several files may have. A copy on a date that is not read has no event_date.
select event_date, file, file_place, event_id, user_id, track_id, listen_time
from accepted
where identity in (select identity from repeated)
union all
select
  cast(null as date) as event_date,
  file,
  file_place,
  event_id,
  cast(null as string) as user_id,
  cast(null as string) as track_id,
  cast(null as timestamp) as listen_time
from copies_elsewhere
