-- Grain: one row per accepted row of the dates read that does not stand: a file whose key sorts before has it too.
with named as (
  select
    *,
    case when event_id is null then user_id end as name_user,
    case when event_id is null then track_id end as name_track,
    case when event_id is null then listen_time end as name_time
  from copies
),
places as (
  select
    *,
    row_number() over (partition by event_id, name_user, name_track, name_time order by file_place) as place
  from named
)
select event_date, file, event_id, user_id, track_id, listen_time
from places
where place > 1 and event_date is not null
