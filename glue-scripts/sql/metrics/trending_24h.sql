-- Grain: one row per whole hour as_of in (D 00:00, D+1 00:00] and rank of the ten most heard tracks of the 24 hours
-- before. Of equals, the track comes first that has fewer listens in the 24 hours before those.
-- Reads: day (kpi/hourly_listens.py), hourly_listens (kpi/hourly_listens.py), tracks.
with as_of_hours as (
  select midnight + to_hours(number) as as_of from day, range(1, 25) as numbers(number)
),
-- Only tracks that may be among the ten are followed through the hours: those that have in all windows together as many
-- listens as the tenth best of a hundred tracks has in one.
totals as (
  select track_no, sum(listens) as listens
  from hourly_listens, day
  where start > midnight - interval 24 hours
  group by all
),
best as (
  select track_no from totals order by listens desc limit 100
),
best_windows as (
  select as_of, track_no, sum(listens) as plays_24h
  from hourly_listens
  join best using (track_no)
  join as_of_hours on start >= as_of - interval 24 hours and start < as_of
  group by all
),
thresholds as (
  select as_of, max(plays_24h, 10)[10] as plays_24h from best_windows group by all
),
contenders as (
  select as_of, track_no
  from as_of_hours
  left join thresholds using (as_of)
  join totals on totals.listens >= coalesce(thresholds.plays_24h, 1)
),
windows as (
  select
    as_of, track_no, sum(listens) filter (start >= as_of - interval 24 hours) as plays_24h,
    coalesce(sum(listens) filter (start < as_of - interval 24 hours), 0) as plays_prev_24h
  from contenders
  join hourly_listens using (track_no)
  where start >= as_of - interval 48 hours and start < as_of
  group by all
)
select
  strftime(as_of, '%Y-%m-%dT%H:%M:%SZ') as as_of,
  row_number() over (partition by windows.as_of order by plays_24h desc, plays_prev_24h, track_id) as rank,
  track_id, track_name, artists, plays_24h, plays_prev_24h
from windows
join tracks using (track_no)
where plays_24h > 0
qualify rank <= 10
