-- Grain: one row per accepted row of all files of a date that is no duplicate of a row of another file. (The view of
-- this name in sql/validation is of one file version: there, a row is a duplicate of a row of the same file.)
-- Adds up: stays in its partition.
-- Reads: accepted_of_partition (kpi/steps.py), duplicates.
select a.*
from accepted_of_partition as a
anti join duplicates
  on duplicates.file = a.file and duplicates.user_id = a.user_id and duplicates.track_id = a.track_id
  and duplicates.listen_time = a.listen_time and duplicates.event_id is not distinct from a.event_id
