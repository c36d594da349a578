-- Grain: one row per usable row of the songs files (kpis.md, 3, songs): it has a track_id and a duration_ms above 0.
-- Reads: song_rows (the columns of the songs files as trimmed text, malformed).
with typed as (
  select
    track_id,
    coalesce(track_name, '') as track_name,
    coalesce(artists, '') as artists,
    whole_number_of(duration_ms) as duration_ms,
    nullif(lower(track_genre), '') as genre,
    number_of(popularity) as popularity,
    number_of(id) as id
  from song_rows
  where malformed is null
)

select *
from typed
where track_id <> '' and duration_ms > 0
