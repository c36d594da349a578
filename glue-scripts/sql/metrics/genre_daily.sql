-- Grain: one row per genre with a play and rank of its three most heard songs. Without listens it has no songs.
-- Reads: track_days, genre_days.
with songs as (
  select
    genre, track_id, track_name, artists, listen_count as song_listen_count,
    row_number() over (partition by genre order by listen_count desc, track_id) as rank
  from track_days
  where listen_count > 0
  qualify rank <= 3
)
select
  genre, listen_count, skip_count, unique_listeners, listening_ms as total_listening_ms,
  listening_ms // nullif(unique_listeners, 0) as avg_listening_ms_per_listener,
  rank, track_id, track_name, artists, song_listen_count
from genre_days
left join songs using (genre)
