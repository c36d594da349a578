-- Grain: one row per target date with an accepted row.
with effective_rows as (
  select event_date, is_listen from plays where on_target
),
counts as (
  select
    event_date,
    count(*) filter (where is_listen) as counted,
    count(*) filter (where not is_listen) as skipped,
    0 as duplicate
  from effective_rows
  group by event_date
  union all
  select event_date, 0 as counted, 0 as skipped, count(*) as duplicate
  from beaten
  where event_date in (select event_date from target_dates)
  group by event_date
)
select
  cast(event_date as string) as event_date,
  cast(sum(counted) as bigint) as counted,
  cast(sum(skipped) as bigint) as skipped,
  cast(sum(duplicate) as bigint) as duplicate
from counts
group by event_date
