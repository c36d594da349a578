-- Grain: one row per identity that several rows of the dates read may share, or a row and a copy on another date.
select identity from accepted group by identity having count(*) > 1
union
select xxhash64(event_id) as identity from copies_elsewhere
