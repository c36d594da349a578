-- Grain: one row: what became of the accepted rows. Adds up: sum.
-- Reads: track_hours, duplicates.
select
  coalesce(sum(listen_count), 0) as counted, coalesce(sum(skip_count), 0) as skipped,
  (select count(*) from duplicates) as duplicate
from track_hours
