-- Grain: one row per track with a play.
select track_id, listen_count, skip_count, unique_listeners from track_days
