-- Grain: one row per target date and file with a copy, on another date, of a named row of the date.
select distinct cast(here.event_date as string) as event_date, there.file
from copies as here
join copies as there on there.event_id = here.event_id
where here.event_date in (select event_date from target_dates)
  and (there.event_date is null or there.event_date <> here.event_date)
