-- Grain: one row per user and track with a listen.
select distinct user_no, track_no, genre_no from plays where is_listen
