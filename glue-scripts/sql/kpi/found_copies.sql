-- Grain: one row per event id of the rows in hand that another date of a file version has, standing or not.
select distinct
  event_ids.file,
  event_ids.version,
  cast(event_ids.event_date as string) as event_date,
  event_ids.event_id
from event_ids
where event_ids.event_date not in (select event_date from known_dates)
  and event_ids.event_id in (select event_id from ids_in_hand)
