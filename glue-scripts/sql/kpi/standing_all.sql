-- Grain: one row per accepted row of the dates read, where no row can be in two files: all of them stand.
select validated.*, cast(listen_time as date) as event_date from validated
