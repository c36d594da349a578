-- Grain: one row per row of one file version (kpis.md, "Validating a row, first match wins").
-- Reads: stream_rows (row_number, raw, malformed, then the columns as trimmed text, blank or null where absent),
-- users, tracks (the reference snapshot of the run), parameters (latest: the last moment a listen may begin).
-- reason is null where the row may be accepted; only then the typed columns are all meaningful.
with read as (
  select *, try_cast(listen_time as timestamp) as moment
  from stream_rows
),

timed as (
  select
    *,
    -- The common form, checked by writing it back: far cheaper than a pattern, and as strict.
    case
      when length(listen_time) <= 23 and cast(moment as string) = listen_time
        and moment >= timestamp '0001-01-01 00:00:00'
        and moment <= timestamp '9999-12-31 23:59:59.999'
        then moment
      -- Epoch seconds or milliseconds, in two halves: one number of seconds does not fit an interval in every engine.
      when regexp_extract(listen_time, '^[0-9]{10}([0-9]{3})?$', 0) <> ''
        then timestamp '1970-01-01 00:00:00'
          + cast(substr(listen_time, 1, 5) as int) * interval 100000 second
          + cast(substr(listen_time, 6, 5) as int) * interval 1 second
          + coalesce(try_cast(substr(listen_time, 11, 3) as int), 0) * interval 1 millisecond
      when regexp_extract(
        listen_time,
        '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?$',
        0
      ) <> '' and listen_time not like '0000%'
        then try_cast(
          substr(listen_time, 1, 10) || ' ' || substr(listen_time, 12, 8)
          || regexp_extract(listen_time, '([.][0-9]{1,3})', 0) as timestamp
        ) - cast(
          -- Minutes ahead of UTC: the hours times 60 plus the minutes, negative west of Greenwich.
          case when regexp_extract(listen_time, '-[0-9]{2}(:?[0-9]{2})?$', 0) <> ''
            and substr(listen_time, 11) like '%-%' then -1 else 1 end
          * (
            coalesce(try_cast(regexp_extract(substr(listen_time, 20), '[+-]([0-9]{2})', 1) as int), 0) * 60
            + coalesce(try_cast(regexp_extract(substr(listen_time, 20), '[+-][0-9]{2}:?([0-9]{2})', 1) as int), 0)
          ) as int
        ) * interval 1 minute
    end as listened_at
  from read
),

numbers as (
  select
    *,
    case
      when ms_played <> ''
        then case when regexp_extract(ms_played, '^[0-9]+$', 0) <> '' then try_cast(ms_played as bigint) end
      when duration <> '' then case
        -- Seconds that make a whole number of milliseconds; nobody listens for more than a day.
        when regexp_extract(duration, '^0*[0-9]{1,6}([.][0-9]{1,3}0*)?$', 0) <> ''
          then try_cast(regexp_extract(duration, '^0*([0-9]{1,6})', 1) as bigint) * 1000
            + try_cast(rpad(regexp_extract(duration, '[.]([0-9]{1,3})', 1), 3, '0') as bigint)
      end
    end as played_ms,
    case lower(completed) when 'true' then true when 'false' then false end as is_completed
  from timed
),

known as (
  select
    numbers.*,
    users.user_id is not null as user_is_known,
    tracks.track_id is not null as track_is_known,
    parameters.latest
  from numbers
  left join users on users.user_id = numbers.user_id
  left join tracks on tracks.track_id = numbers.track_id
  cross join parameters
),

reasoned as (
  select
    *,
    case
      when malformed is not null then 'malformed_row'
      when user_id = '' or user_id is null or track_id = '' or track_id is null or listen_time = '' or listen_time is null
        then 'missing_field'
      when listened_at is null then 'bad_timestamp'
      when listened_at < timestamp '2000-01-01 00:00:00' or listened_at > latest then 'timestamp_out_of_range'
      when (ms_played <> '' or duration <> '') and (played_ms is null or played_ms > 86400000) then 'bad_number'
      when completed <> '' and is_completed is null then 'bad_number'
      when not user_is_known then 'unknown_user'
      when not track_is_known then 'unknown_track'
    end as reason
  from known
)

select
  row_number,
  raw,
  reason,
  case reason
    when 'malformed_row' then malformed
    when 'missing_field' then case
      when user_id = '' or user_id is null then 'user_id'
      when track_id = '' or track_id is null then 'track_id'
      else 'listen_time'
    end
    when 'bad_timestamp' then 'listen_time: ' || listen_time
    when 'timestamp_out_of_range' then 'listen_time: ' || listen_time
    when 'bad_number' then case
      when ms_played <> '' and (played_ms is null or played_ms > 86400000) then 'ms_played: ' || ms_played
      when (ms_played = '' or ms_played is null) and duration <> '' and (played_ms is null or played_ms > 86400000)
        then 'duration: ' || duration
      else 'completed: ' || completed
    end
    when 'unknown_user' then 'user_id: ' || user_id
    when 'unknown_track' then 'track_id: ' || track_id
  end as detail,
  nullif(event_id, '') as event_id,
  user_id,
  track_id,
  listened_at as listen_time,
  played_ms as ms_played,
  is_completed as completed,
  nullif(device_type, '') as device_type
from reasoned
