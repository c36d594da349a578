-- Grain: one row per genre with a play. Adds up: sum by genre.
-- Reads: track_days, user_genres.
with counts as (
  select
    genre_no, genre, sum(listen_count) as listen_count, sum(skip_count) as skip_count,
    sum(listening_ms) as listening_ms
  from track_days
  group by all
),
listeners as (
  select genre_no, count(*) as unique_listeners from user_genres group by all
)
select counts.* exclude (genre_no), coalesce(unique_listeners, 0) as unique_listeners
from counts
left join listeners using (genre_no)
