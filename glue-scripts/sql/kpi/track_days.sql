-- Grain: one row per target date and track with an accepted row.
select event_date, track_no, listen_count, skip_count, listening_ms from track_hours where on_target
