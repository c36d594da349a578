-- Grain: one value. Macros for the values of reference files (kpis.md, 3).

-- A whole number; a fraction of zeros is allowed. null if the text has another form.
create or replace macro whole_number_of(text) as
  try_cast(regexp_extract(text, '^([0-9]{1,18})([.]0*)?$', 1) as bigint);

-- A number that only orders rows. null if the text has another form.
create or replace macro number_of(text) as
  try_cast(regexp_extract(text, '^[+-]?[0-9]{1,18}([.][0-9]{1,9})?$', 0) as decimal(38, 9));

-- A text of at most `longest` characters; `…` is the last one of a text that was longer.
create or replace macro cut(text, longest) as
  case when length(text) > longest then left(text, longest - 1) || '…' else text end;
