-- Grain: one row per date with a listen: all 24 hours of it.
with hours as (
  select explode(sequence(0, 23)) as hour
),
listeners as (
  select user_days.event_date, hours.hour, count(*) as unique_listeners
  from user_days
  cross join hours
  where user_days.listen_count > 0 and (user_days.hours & shiftleft(cast(1 as bigint), cast(hours.hour as int))) <> 0
  group by user_days.event_date, hours.hour
),
days as (
  select distinct event_date from date_hours
),
entries as (
  select
    days.event_date,
    hours.hour,
    '{"hour":' || hours.hour || ',"listen_count":' || coalesce(date_hours.listen_count, 0)
      || ',"unique_listeners":' || coalesce(listeners.unique_listeners, 0) || '}' as entry
  from days
  cross join hours
  left join date_hours on date_hours.event_date = days.event_date and date_hours.hour = hours.hour
  left join listeners on listeners.event_date = days.event_date and listeners.hour = hours.hour
)
select
  event_date,
  '[' || concat_ws(
    ',',
    max(entry) filter (where hour = 0), max(entry) filter (where hour = 1), max(entry) filter (where hour = 2),
    max(entry) filter (where hour = 3), max(entry) filter (where hour = 4), max(entry) filter (where hour = 5),
    max(entry) filter (where hour = 6), max(entry) filter (where hour = 7), max(entry) filter (where hour = 8),
    max(entry) filter (where hour = 9), max(entry) filter (where hour = 10), max(entry) filter (where hour = 11),
    max(entry) filter (where hour = 12), max(entry) filter (where hour = 13), max(entry) filter (where hour = 14),
    max(entry) filter (where hour = 15), max(entry) filter (where hour = 16), max(entry) filter (where hour = 17),
    max(entry) filter (where hour = 18), max(entry) filter (where hour = 19), max(entry) filter (where hour = 20),
    max(entry) filter (where hour = 21), max(entry) filter (where hour = 22), max(entry) filter (where hour = 23)
  ) || ']' as hours
from entries
group by event_date
