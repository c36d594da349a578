-- Grain: one row per target date, user with a listen, and word of 60 genres. Bit b of genres: a listen of the genre
-- with that word and mask. So "who heard what" takes a few rows a user, whatever the number of listens.
select plays.event_date, plays.user_no, tracks.genre_word, bit_or(tracks.genre_mask) as genres
from plays
join tracks on tracks.track_no = plays.track_no
where plays.is_listen and plays.on_target
group by plays.event_date, plays.user_no, tracks.genre_word
