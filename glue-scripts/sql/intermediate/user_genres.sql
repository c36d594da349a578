-- Grain: one row per user and genre with a listen. Adds up: stays in its partition.
-- Reads: heard.
select user_no, genre_no, count(*) as distinct_tracks from heard group by all
