-- Grain: one row per quarantined row of one file version.
-- Reads: validated.
select row_number, reason, detail, raw
from validated
where reason is not null
