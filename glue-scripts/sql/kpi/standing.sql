-- Grain: one row per accepted row of the dates read that stands.
select validated.*, cast(validated.listen_time as date) as event_date
from validated
where validated.event_id is not null and not exists (
  select 1 from beaten where beaten.file = validated.file and beaten.event_id = validated.event_id
)
union all
select validated.*, cast(validated.listen_time as date) as event_date
from validated
where validated.event_id is null and not exists (
  select 1
  from beaten
  where beaten.event_id is null
    and beaten.file = validated.file
    and beaten.user_id = validated.user_id
    and beaten.track_id = validated.track_id
    and beaten.listen_time = validated.listen_time
)
