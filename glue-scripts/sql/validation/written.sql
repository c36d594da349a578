-- Grain: one row per row of one file version, laid out for one scan with two outputs: partitioned by event_date, the
-- dates hold the accepted rows (further copies still among them), and the partition of the year 1 the rejected ones, whose
-- reason, detail, raw text and row number travel in other columns, so that all partitions have one form.
-- Reads: validated.
select
  case when reason is null then event_id else reason end as event_id,
  case when reason is null then user_id else detail end as user_id,
  case when reason is null then track_id else raw end as track_id,
  case when reason is null then listen_time end as listen_time,
  case when reason is null then ms_played else row_number end as ms_played,
  case when reason is null then completed end as completed,
  case when reason is null then device_type end as device_type,
  case when reason is null then cast(listen_time as date) else date '0001-01-01' end as event_date
from validated
