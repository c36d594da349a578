-- Grain: one row per hour H in (D 00:00, D+1 00:00] with a listen in [H-24h, H); event_date is D, as_of is H.
-- H = D + <k> hours: a window is what D has before <k>:00 and what D-1 has from then on.
with prefixes as (
  -- p<k>: the listens before <k>:00, so p24 are all of the day.
  select
    event_date,
    track_no,
    h0 as p1, p1 + h1 as p2, p2 + h2 as p3, p3 + h3 as p4, p4 + h4 as p5, p5 + h5 as p6,
    p6 + h6 as p7, p7 + h7 as p8, p8 + h8 as p9, p9 + h9 as p10, p10 + h10 as p11, p11 + h11 as p12,
    p12 + h12 as p13, p13 + h13 as p14, p14 + h14 as p15, p15 + h15 as p16, p16 + h16 as p17, p17 + h17 as p18,
    p18 + h18 as p19, p19 + h19 as p20, p20 + h20 as p21, p21 + h21 as p22, p22 + h22 as p23, p23 + h23 as p24
  from track_hours
  where listen_count > 0
),
shares as (
  select
    event_date,
    track_no,
    p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12,
    p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24
  from prefixes
  union all
  select
    cast(event_date + interval '1' day as date),
    track_no,
    p24 - p1, p24 - p2, p24 - p3, p24 - p4, p24 - p5, p24 - p6, p24 - p7, p24 - p8,
    p24 - p9, p24 - p10, p24 - p11, p24 - p12, p24 - p13, p24 - p14, p24 - p15, p24 - p16,
    p24 - p17, p24 - p18, p24 - p19, p24 - p20, p24 - p21, p24 - p22, p24 - p23, p24 - p24
  from prefixes
),
windows as (
  select
    event_date,
    track_no,
    cast(sum(p1) as bigint) as p1, cast(sum(p2) as bigint) as p2, cast(sum(p3) as bigint) as p3,
    cast(sum(p4) as bigint) as p4, cast(sum(p5) as bigint) as p5, cast(sum(p6) as bigint) as p6,
    cast(sum(p7) as bigint) as p7, cast(sum(p8) as bigint) as p8, cast(sum(p9) as bigint) as p9,
    cast(sum(p10) as bigint) as p10, cast(sum(p11) as bigint) as p11, cast(sum(p12) as bigint) as p12,
    cast(sum(p13) as bigint) as p13, cast(sum(p14) as bigint) as p14, cast(sum(p15) as bigint) as p15,
    cast(sum(p16) as bigint) as p16, cast(sum(p17) as bigint) as p17, cast(sum(p18) as bigint) as p18,
    cast(sum(p19) as bigint) as p19, cast(sum(p20) as bigint) as p20, cast(sum(p21) as bigint) as p21,
    cast(sum(p22) as bigint) as p22, cast(sum(p23) as bigint) as p23, cast(sum(p24) as bigint) as p24
  from shares
  where event_date in (select event_date from target_dates)
  group by event_date, track_no
),
-- Ten tracks of different buckets reach the tenth best bucket's best, so a track below it is in no top ten. This keeps
-- the ranking to a handful of tracks an hour.
buckets as (
  select
    event_date,
    track_no % 64 as bucket,
    max(p1) as p1, max(p2) as p2, max(p3) as p3, max(p4) as p4, max(p5) as p5, max(p6) as p6,
    max(p7) as p7, max(p8) as p8, max(p9) as p9, max(p10) as p10, max(p11) as p11, max(p12) as p12,
    max(p13) as p13, max(p14) as p14, max(p15) as p15, max(p16) as p16, max(p17) as p17, max(p18) as p18,
    max(p19) as p19, max(p20) as p20, max(p21) as p21, max(p22) as p22, max(p23) as p23, max(p24) as p24
  from windows
  group by event_date, track_no % 64
),
bucket_hours as (
  select event_date, cast(substr(column_name, 2) as int) as hour, plays
  from buckets
  unpivot (plays for column_name in (
    p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12,
    p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24
  ))
),
bucket_places as (
  select event_date, hour, plays, row_number() over (partition by event_date, hour order by plays desc) as place
  from bucket_hours
),
floors as (
  select event_date, hour, plays as least_plays from bucket_places where place = 10
),
window_hours as (
  select event_date, track_no, cast(substr(column_name, 2) as int) as hour, plays
  from windows
  unpivot (plays for column_name in (
    p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12,
    p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24
  ))
  where plays > 0
),
contenders as (
  select window_hours.event_date, window_hours.track_no, window_hours.hour, window_hours.plays
  from window_hours
  left join floors on floors.event_date = window_hours.event_date and floors.hour = window_hours.hour
  where window_hours.plays >= coalesce(floors.least_plays, 1)
),
contender_days as (
  select *, p24 as day_plays from prefixes where track_no in (select track_no from contenders)
),
contender_hours as (
  select event_date, track_no, day_plays, cast(substr(column_name, 2) as int) as hour, plays
  from contender_days
  unpivot (plays for column_name in (
    p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12,
    p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24
  ))
),
earlier_shares as (
  select cast(event_date + interval '1' day as date) as event_date, track_no, hour, plays from contender_hours
  union all
  select cast(event_date + interval '2' day as date), track_no, hour, day_plays - plays from contender_hours
),
earlier as (
  select event_date, track_no, hour, cast(sum(plays) as bigint) as plays
  from earlier_shares
  group by event_date, track_no, hour
),
ranked as (
  select
    contenders.event_date,
    contenders.hour,
    contenders.track_no,
    contenders.plays,
    coalesce(earlier.plays, 0) as plays_before,
    row_number() over (
      partition by contenders.event_date, contenders.hour
      order by contenders.plays desc, coalesce(earlier.plays, 0), contenders.track_no
    ) as place
  from contenders
  left join earlier
    on earlier.event_date = contenders.event_date
    and earlier.hour = contenders.hour
    and earlier.track_no = contenders.track_no
),
entries as (
  select
    ranked.event_date,
    cast(cast(ranked.event_date as timestamp) + ranked.hour * interval '1' hour as string) as moment,
    ranked.place,
    '{"rank":' || ranked.place || ',' || named_tracks.named || ',"plays_24h":' || ranked.plays
      || ',"plays_prev_24h":' || ranked.plays_before || '}' as entry
  from ranked
  join named_tracks on named_tracks.track_no = ranked.track_no
  where ranked.place <= 10
)
select
  event_date,
  substr(moment, 1, 10) || 'T' || substr(moment, 12, 8) || 'Z' as as_of,
  '[' || concat_ws(
    ',',
    max(entry) filter (where place = 1), max(entry) filter (where place = 2), max(entry) filter (where place = 3),
    max(entry) filter (where place = 4), max(entry) filter (where place = 5), max(entry) filter (where place = 6),
    max(entry) filter (where place = 7), max(entry) filter (where place = 8), max(entry) filter (where place = 9),
    max(entry) filter (where place = 10)
  ) || ']' as tracks
from entries
group by event_date, moment
