-- Grain: one row per accepted row of one file version, duplicates included.
-- Reads: validated.
select * exclude (row_number, reason, detail, raw), cast(listen_time as date) as event_date
from validated
where reason is null
