-- Grain: one row per date read and track with an accepted row. h<k>: its listens from <k>:00 to <k + 1>:00.
select
  event_date,
  on_target,
  track_no,
  count(*) filter (where is_listen) as listen_count,
  count(*) filter (where not is_listen) as skip_count,
  cast(coalesce(sum(listening_ms) filter (where is_listen), 0) as bigint) as listening_ms,
  count(*) filter (where is_listen and hour = 0) as h0, count(*) filter (where is_listen and hour = 1) as h1,
  count(*) filter (where is_listen and hour = 2) as h2, count(*) filter (where is_listen and hour = 3) as h3,
  count(*) filter (where is_listen and hour = 4) as h4, count(*) filter (where is_listen and hour = 5) as h5,
  count(*) filter (where is_listen and hour = 6) as h6, count(*) filter (where is_listen and hour = 7) as h7,
  count(*) filter (where is_listen and hour = 8) as h8, count(*) filter (where is_listen and hour = 9) as h9,
  count(*) filter (where is_listen and hour = 10) as h10, count(*) filter (where is_listen and hour = 11) as h11,
  count(*) filter (where is_listen and hour = 12) as h12, count(*) filter (where is_listen and hour = 13) as h13,
  count(*) filter (where is_listen and hour = 14) as h14, count(*) filter (where is_listen and hour = 15) as h15,
  count(*) filter (where is_listen and hour = 16) as h16, count(*) filter (where is_listen and hour = 17) as h17,
  count(*) filter (where is_listen and hour = 18) as h18, count(*) filter (where is_listen and hour = 19) as h19,
  count(*) filter (where is_listen and hour = 20) as h20, count(*) filter (where is_listen and hour = 21) as h21,
  count(*) filter (where is_listen and hour = 22) as h22, count(*) filter (where is_listen and hour = 23) as h23
from plays
group by event_date, on_target, track_no
