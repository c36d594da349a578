-- Grain: one row per listen of one file version: of its copies the one that stands (kpis.md, "Of several copies").
-- Copies that agree in every column are one and the same: which of them stands makes no difference.
-- Reads: suspected (accepted rows that may have copies, with event_date).
with ranked as (
  select
    *,
    row_number() over (
      partition by
        event_id,
        case when event_id is null then user_id end,
        case when event_id is null then track_id end,
        case when event_id is null then listen_time end
      order by
        ms_played desc nulls last,
        case when completed then 0 when not completed then 1 else 2 end,
        device_type nulls last,
        listen_time,
        user_id,
        track_id
    ) as place
  from suspected
)

select event_id, user_id, track_id, listen_time, ms_played, completed, device_type, event_date
from ranked
where place = 1
