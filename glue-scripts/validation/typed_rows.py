"""Gives each column of a file its type and checks the rules of kpis.md, 4 that concern single columns.

Columns, types and limits come from the list of stream columns, the forms of values from sql/validation/values.sql.
"""

from collections.abc import Iterable, Iterator, Sequence

from contracts.generated.lists import StreamColumn
from sql.database import literal, quoted

#: SQL condition and SQL for the detail of the row that meets it.
Check = tuple[str, str]

_READERS = {"timestamp": "timestamp_of", "integer": "integer_of", "boolean": "boolean_of"}
_UNIT_READERS = {"seconds": "milliseconds_of"}
_NUMBERS = ("integer", "boolean")


def typed_rows(columns: Sequence[StreamColumn]) -> str:
    """Returns the SELECT over stream_rows with typed columns; `<name>_text` is the text of a column that is no text.

    Each rule is a column. It holds the detail of the first column that breaks the rule, null if none does.
    """
    rules = {
        "missing_field": (check for column in columns for check in _missing(column)),
        "too_long": (check for column in columns for check in _too_long(column)),
        "bad_timestamp": (check for column in columns if column["type"] == "timestamp" for check in _bad(column)),
        "bad_number": (check for column in columns if column["type"] in _NUMBERS for check in _bad(column)),
    }
    values = ", ".join(f"{_value(column)} as {quoted(column['name'])}" for column in columns)
    texts = ", ".join(f"nullif({quoted(name)}, '') as {_text(name)}" for column in columns for name in _texts(column))
    checks = ", ".join(f"{_first(found)} as {rule}" for rule, found in rules.items())
    names = ", ".join(quoted(column["name"]) for column in columns)
    return (
        f"with typed as (select row_number, raw, malformed, {values}, {texts} from stream_rows)"
        f" select row_number, raw, malformed as malformed_row, {checks}, {names}, listen_time_text from typed"
    )


def _texts(column: StreamColumn) -> list[str]:
    """Returns the names under which the text of a column comes, if it is no text; another unit has its own name."""
    if column["type"] == "text":
        return []
    return [column["name"], *(alias["name"] for alias in column["aliases"] if alias["unit"] is not None)]


def _text(name: str) -> str:
    return quoted(f"{name}_text")


def _value(column: StreamColumn) -> str:
    name = quoted(column["name"])
    if column["type"] == "text":
        return f"nullif({name}, '')"
    own = f"{_READERS[column['type']]}({name})"
    units = [(quoted(alias["name"]), alias["unit"]) for alias in column["aliases"] if alias["unit"] is not None]
    others = " ".join(f"when {alias} <> '' then {_UNIT_READERS[unit]}({alias})" for alias, unit in units)
    return f"case when {name} <> '' then {own} {others} end"


def _missing(column: StreamColumn) -> Iterator[Check]:
    if column["required"]:
        text = quoted(column["name"]) if column["type"] == "text" else _text(column["name"])
        yield f"{text} is null", literal(column["name"])


def _too_long(column: StreamColumn) -> Iterator[Check]:
    if column["max_bytes"] is not None:
        length = f"strlen({quoted(column['name'])})"
        yield f"{length} > {column['max_bytes']}", f"{literal(column['name'] + ': ')} || {length} || ' bytes'"


def _bad(column: StreamColumn) -> Iterator[Check]:
    """Checks that a given text has a value, and one that is not above the column's limit."""
    name = quoted(column["name"])
    above = f" or {name} > {column['max']}" if column["max"] is not None else ""
    texts = _texts(column)
    given = f"coalesce({', '.join(map(_text, texts))}) is not null"
    details = ", ".join(f"{literal(text + ': ')} || {_text(text)}" for text in texts)
    yield f"({name} is null{above}) and {given}", f"coalesce({details})"


def _first(checks: Iterable[Check]) -> str:
    cases = " ".join(f"when {condition} then {detail}" for condition, detail in checks)
    return f"case {cases} end" if cases else "cast(null as varchar)"
