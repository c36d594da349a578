"""Further columns in the list of stream columns: their types, limits and details, without another line of code."""

from typing import Any, cast

import duckdb
import pytest

from contracts.columns import stream_columns
from contracts.generated.lists import StreamColumn
from formats.columns import columns_of
from sql.database import read_sql
from validation.typed_rows import typed_rows

GOOD = {"user_id": "u1", "track_id": "t1", "listen_time": "2018-11-15 10:00:00"}


def column(name: str, kind: str, **fields: Any) -> StreamColumn:
    optional = {"aliases": [], "required": False, "max_bytes": None, "max": None, "description": ""}
    return cast(StreamColumn, {"name": name, "type": kind, **optional, **fields})


COLUMNS = [
    *stream_columns(),
    column("city", "text", max_bytes=6, required=True, aliases=[{"name": "town", "unit": None}]),
    column("rating", "integer", max=5),
    column("liked", "boolean"),
    column("added_at", "timestamp"),
]


def typed(**given: str) -> dict[str, Any]:
    """Returns the row of `given` with the columns of typed_rows."""
    row = {**dict.fromkeys(columns_of(COLUMNS).all), **GOOD, "city": "Berlin", **given}
    with duckdb.connect() as database:
        database.execute(read_sql("validation", "values"))
        texts = ", ".join(f"cast(${name} as varchar) as {name}" for name in row)
        database.execute(
            f"create table stream_rows as select 1 as row_number, '' as raw, null as malformed, {texts}", row
        )
        found = database.execute(typed_rows(COLUMNS))
        return dict(zip([name[0] for name in found.description or []], found.fetchall()[0], strict=True))


def test_further_columns_have_their_types() -> None:
    row = typed(rating="4", liked="TRUE", added_at="2018-11-15T10:00:00.5Z")
    assert (row["city"], row["rating"], row["liked"], str(row["added_at"])) == (
        "Berlin",
        4,
        True,
        "2018-11-15 10:00:00.500000",
    )
    assert {row[rule] for rule in ("missing_field", "too_long", "bad_timestamp", "bad_number")} == {None}


def test_absent_further_columns_are_null() -> None:
    row = typed(rating="")
    assert [row[name] for name in ("rating", "liked", "added_at", "bad_number", "bad_timestamp")] == [None] * 5


@pytest.mark.parametrize(
    ("given", "rule", "detail"),
    [
        ({"city": ""}, "missing_field", "city"),
        ({"city": "Zürich "}, "too_long", "city: 8 bytes"),
        ({"rating": "6"}, "bad_number", "rating: 6"),
        ({"rating": "many"}, "bad_number", "rating: many"),
        ({"liked": "yes"}, "bad_number", "liked: yes"),
        ({"added_at": "soon"}, "bad_timestamp", "added_at: soon"),
        ({"ms_played": "x", "rating": "y"}, "bad_number", "ms_played: x"),
        ({"duration": "x", "liked": "y"}, "bad_number", "duration: x"),
    ],
)
def test_a_rule_holds_the_detail_of_the_first_column_that_breaks_it(
    given: dict[str, str], rule: str, detail: str
) -> None:
    row = typed(**given)
    broken = {name: row[name] for name in ("missing_field", "too_long", "bad_timestamp", "bad_number") if row[name]}
    assert broken == {rule: detail}


def test_an_alias_in_another_unit_is_a_column_of_its_own_in_a_file() -> None:
    columns = columns_of(COLUMNS)
    assert list(columns.required) == ["user_id", "track_id", "listen_time", "city"]
    assert columns.required["city"] == ["town"]
    assert list(columns.optional)[:3] == ["event_id", "ms_played", "duration"]
