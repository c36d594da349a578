-- Grain: one row per date read and track with a listen. p<k>: its listens before <k>:00, so p24 are all of the day.
select
  event_date,
  track_no,
  count(*) filter (where hour < 1) as p1, count(*) filter (where hour < 2) as p2,
  count(*) filter (where hour < 3) as p3, count(*) filter (where hour < 4) as p4,
  count(*) filter (where hour < 5) as p5, count(*) filter (where hour < 6) as p6,
  count(*) filter (where hour < 7) as p7, count(*) filter (where hour < 8) as p8,
  count(*) filter (where hour < 9) as p9, count(*) filter (where hour < 10) as p10,
  count(*) filter (where hour < 11) as p11, count(*) filter (where hour < 12) as p12,
  count(*) filter (where hour < 13) as p13, count(*) filter (where hour < 14) as p14,
  count(*) filter (where hour < 15) as p15, count(*) filter (where hour < 16) as p16,
  count(*) filter (where hour < 17) as p17, count(*) filter (where hour < 18) as p18,
  count(*) filter (where hour < 19) as p19, count(*) filter (where hour < 20) as p20,
  count(*) filter (where hour < 21) as p21, count(*) filter (where hour < 22) as p22,
  count(*) filter (where hour < 23) as p23, count(*) filter (where hour < 24) as p24
from plays
where is_listen
group by event_date, track_no
