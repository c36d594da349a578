-- Grain: one row per accepted row of one file version, without duplicates (kpis.md, 4, Identity).
-- Reads: accepted.
-- Only rows that share a hash with another row are ranked: ranking all rows takes several times as long. The plain
-- version is in tests/unit/validation/test_duplicates.py, which holds the two equal.
with hashed as not materialized (
  select *, hash(user_id, track_id, listen_time, event_id) as identity
  from accepted
),

shared as (
  select identity
  from hashed
  group by identity
  having count(*) > 1
),

-- The last key, all columns together, decides between rows that differ in a further column only.
ranked as (
  select
    *,
    row_number() over (
      partition by user_id, track_id, listen_time, event_id
      order by ms_played desc nulls last, completed desc nulls last, device_type nulls last, hashed
    ) as rank
  from hashed
  where identity in (from shared)
)

select * exclude (identity) from hashed where identity not in (from shared)
union all
select * exclude (identity, rank) from ranked where rank = 1
