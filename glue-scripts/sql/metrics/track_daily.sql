-- Grain: one row per track with a play.
-- Reads: track_days.
select track_id, listen_count, skip_count, unique_listeners from track_days
