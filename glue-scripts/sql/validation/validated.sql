-- Grain: one row per row of one file version, with the first rule of kpis.md, 4 that it breaks (null if none).
-- Every rule is a column that holds the detail if the row breaks the rule. raw is kept for quarantined rows only.
-- Reads: typed_rows (validation/typed_rows.py), users and tracks (the ids that the snapshots know), parameters (latest:
-- no listen starts later).
with timed as (
  select
    *,
    case
      when listen_time < timestamp '2000-01-01 00:00:00' or listen_time > parameters.latest
        then 'listen_time: ' || listen_time_text
    end as timestamp_out_of_range
  from typed_rows
  cross join parameters
),

looked_up as (
  select
    timed.*,
    case when users.user_id is null then 'user_id: ' || timed.user_id end as unknown_user,
    case when tracks.track_id is null then 'track_id: ' || timed.track_id end as unknown_track
  from timed
  left join users on users.user_id = timed.user_id
  left join tracks on tracks.track_id = timed.track_id
),

-- The first reason counts, in the order of packages/contracts/src/row-reasons.ts.
with_finding as (
  select
    *,
    case
      when malformed_row is not null then {reason: 'malformed_row', detail: malformed_row}
      when missing_field is not null then {reason: 'missing_field', detail: missing_field}
      when too_long is not null then {reason: 'too_long', detail: too_long}
      when bad_timestamp is not null then {reason: 'bad_timestamp', detail: bad_timestamp}
      when timestamp_out_of_range is not null
        then {reason: 'timestamp_out_of_range', detail: timestamp_out_of_range}
      when bad_number is not null then {reason: 'bad_number', detail: bad_number}
      when unknown_user is not null then {reason: 'unknown_user', detail: unknown_user}
      when unknown_track is not null then {reason: 'unknown_track', detail: unknown_track}
    end as finding
  from looked_up
)

select
  row_number,
  finding.reason,
  finding.detail,
  case when finding is not null then raw end as raw,
  * exclude (
    row_number, finding, raw, listen_time_text, latest,
    malformed_row, missing_field, too_long, bad_timestamp, timestamp_out_of_range, bad_number,
    unknown_user, unknown_track
  )
from with_finding
