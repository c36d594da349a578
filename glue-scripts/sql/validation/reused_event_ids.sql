-- Grain: one row, with the number of event ids that name several different accepted rows of one file version.
-- Reads: validated.
with reused as (
  select event_id
  from validated
  where reason is null and event_id is not null
  group by event_id
  having min(hash(user_id, track_id, listen_time)) <> max(hash(user_id, track_id, listen_time))
)

select count(*) from reused
