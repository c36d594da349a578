-- Grain: one row per track that the snapshot knows or a row names. track_no numbers them in the order of track_id, so
-- ordering by it is ordering by the id; genre_word and genre_mask place the genre in user_words.
-- A track that left the snapshot after its rows were accepted keeps them: genre unknown, no name, no duration.
with listed as (
  select track_id, coalesce(track_name, '') as track_name, coalesce(artists, '') as artists, duration_ms, genre
  from track_snapshot
  union all
  select track_id, '', '', 0, 'unknown' from unlisted_tracks
),
genres as (
  select genre, row_number() over (order by genre) - 1 as genre_no from (select distinct genre from listed) as named
)
select
  cast(row_number() over (order by track_id) as int) as track_no,
  track_id,
  track_name,
  artists,
  duration_ms,
  genre,
  cast((genre_no - genre_no % 60) / 60 as int) as genre_word,
  shiftleft(cast(1 as bigint), cast(genre_no % 60 as int)) as genre_mask
from listed
join genres using (genre)
