-- Grain: one row per user and track with a listen. Adds up: stays in its partition.
-- Reads: plays.
select distinct user_no, track_no, genre_no from plays where is_listen
