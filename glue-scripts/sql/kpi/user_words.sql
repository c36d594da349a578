-- Grain: one row per target date, user, and word of 60 genres with an accepted row. Bit b of genres: a listen of
-- the genre with that word and mask; bit h of hours: a listen that began in hour h. So "who heard what, when" takes a
-- few rows a user, whatever the number of listens.
select
  plays.event_date,
  plays.user_no,
  tracks.genre_word,
  count(*) filter (where plays.is_listen) as listen_count,
  count(*) filter (where not plays.is_listen) as skip_count,
  cast(coalesce(sum(plays.listening_ms) filter (where plays.is_listen), 0) as bigint) as listening_ms,
  min(plays.listen_time) filter (where plays.is_listen) as first_listen,
  max(plays.listen_time) filter (where plays.is_listen) as last_listen,
  coalesce(bit_or(tracks.genre_mask) filter (where plays.is_listen), 0) as genres,
  coalesce(bit_or(shiftleft(cast(1 as bigint), plays.hour)) filter (where plays.is_listen), 0) as hours
from plays
join tracks on tracks.track_no = plays.track_no
where plays.on_target
group by plays.event_date, plays.user_no, tracks.genre_word
