-- Grain: one row per track of the reference snapshot (kpis.md, songs).
-- Reads: song_rows (columns of the songs files as trimmed text, malformed).
with typed as (
  select
    track_id,
    coalesce(track_name, '') as track_name,
    coalesce(artists, '') as artists,
    try_cast(regexp_extract(duration_ms, '^([0-9]{1,18})([.]0*)?$', 1) as bigint) as duration_ms,
    case when track_genre <> '' then lower(track_genre) end as genre,
    try_cast(regexp_extract(popularity, '^[+-]?[0-9]{1,18}([.][0-9]{1,9})?$', 0) as decimal(38, 9)) as popularity,
    try_cast(regexp_extract(id, '^[+-]?[0-9]{1,18}([.][0-9]{1,9})?$', 0) as decimal(38, 9)) as id
  from song_rows
  where malformed is null and track_id <> ''
),

ranked as (
  select
    *,
    row_number() over (
      partition by track_id
      order by popularity desc nulls last, genre nulls last, id nulls last, track_name, artists, duration_ms
    ) as place
  from typed
  where duration_ms > 0
)

select track_id, track_name, artists, duration_ms, coalesce(genre, 'unknown') as genre
from ranked
where place = 1
order by track_id
