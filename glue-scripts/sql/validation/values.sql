-- Grain: one value. Macros that read a trimmed text as a typed value (kpis.md, 3); null if the text has another form.
-- A pattern decides about the form, because a cast alone also takes `24:00:00`, `12.5` as 13 and `0x10` as 16.

-- A date and a time of day, in UTC or with an offset; or 10 digits of epoch seconds or 13 of milliseconds. Finer than
-- milliseconds is cut.
create or replace macro timestamp_of(text) as case
  when text like '0000%' then null
  when regexp_full_match(
    text,
    '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?Z?'
  )
    then make_timestamp_ms(epoch_ms(try_cast(text as timestamp)))
  when regexp_full_match(
    text,
    '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?'
      || '[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?'
  )
    then make_timestamp_ms(epoch_ms(try_cast(text as timestamptz)))
  when regexp_full_match(text, '[0-9]{10}([0-9]{3})?')
    then make_timestamp_ms(try_cast(rpad(text, 13, '0') as bigint))
end;

-- A whole number from 0 on.
create or replace macro integer_of(text) as case
  when regexp_full_match(text, '[0-9]+') then try_cast(text as bigint)
end;

-- Seconds as milliseconds; a fraction has at most three decimals beside zeros. Six digits of seconds are eleven days.
create or replace macro milliseconds_of(seconds) as case
  when regexp_full_match(seconds, '0*[0-9]{1,6}([.][0-9]{1,3}0*)?')
    then try_cast(try_cast(seconds as decimal(18, 3)) * 1000 as bigint)
end;

create or replace macro boolean_of(text) as case lower(text) when 'true' then true when 'false' then false end;
