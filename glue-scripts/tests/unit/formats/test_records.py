"""Reading CSV with quotes and JSON lines: the physical lines of a row, and malformed rows."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.columns import STREAM
from formats.csv_records import MAX_RECORD, CsvRecords, split
from formats.json_records import JsonRecords


def records(text: str | bytes) -> list[tuple[str, list[str] | str | None]]:
    body = text.encode() if isinstance(text, str) else text
    return [(raw, fields if fields is not None else defect) for raw, fields, defect in CsvRecords(io.BytesIO(body))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a","b,c",d\n', [('"a","b,c",d', ["a", "b,c", "d"])]),
        ('"say ""hi""",b\n', [('"say ""hi""",b', ['say "hi"', "b"])]),
        ('a,"",b\n', [('a,"",b', ["a", "", "b"])]),
        ('"a\nb",c\nd,e\n', [('"a\nb",c', ["a\nb", "c"]), ("d,e", ["d", "e"])]),
        ('"a\r\nb",c\r\nd,e\r\n', [('"a\r\nb",c', ["a\r\nb", "c"]), ("d,e", ["d", "e"])]),
        ('"a\n\nb",c', [('"a\n\nb",c', ["a\n\nb", "c"])]),
        ('5" disc,b\n', [('5" disc,b', ['5" disc', "b"])]),
        (' "a",b\n', [(' "a",b', [' "a"', "b"])]),
        ('"a"x,b\nc,d\n', [('"a"x,b', "text after a closing quote"), ("c,d", ["c", "d"])]),
        ('"a,b\nc,d\n', [('"a,b', "unclosed quote"), ("c,d", ["c", "d"])]),
        ('"a,b\nc,"d",e\n', [('"a,b', "unclosed quote"), ('c,"d",e', ["c", "d", "e"])]),
        ('"a\n"b\nc,d\n', [('"a', "unclosed quote"), ('"b', "unclosed quote"), ("c,d", ["c", "d"])]),
        ('a,"b\n', [('a,"b', "unclosed quote")]),
        ("a,b\n\n \r\nc,d", [("a,b", ["a", "b"]), ("c,d", ["c", "d"])]),
        ("a,b\r\n", [("a,b", ["a", "b"])]),
    ],
)
def test_quotes_and_line_ends(text: str, expected: object) -> None:
    assert records(text) == expected


def test_only_the_row_with_invalid_utf8_is_malformed() -> None:
    assert records(b"a,b\nc\xff,d\r\ne,f\n") == [
        ("a,b", ["a", "b"]),
        ("c\\xff,d", "invalid UTF-8 at byte 2 of the row"),
        ("e,f", ["e", "f"]),
    ]
    assert [row[1] for row in records(b'"a\n\xff\nb",c\n')][:2] == [
        "unclosed quote",
        "invalid UTF-8 at byte 1 of the row",
    ]


def test_a_very_long_line_or_field_is_malformed_and_reading_goes_on() -> None:
    long, after = records("x" * (3 * MAX_RECORD) + "\na,b\n")
    assert (len(long[0]), long[1], after[1]) == (
        MAX_RECORD,
        f"line longer than {MAX_RECORD} bytes (cut here)",
        ["a", "b"],
    )
    first, *rest = records('"open\n' + "a,b\n" * (MAX_RECORD // 2) + '",c\n')
    assert (first, len(rest)) == (('"open', "unclosed quote"), MAX_RECORD // 2 + 1)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=4), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_rows_of_a_csv_writer_that_quotes_everything_are_read_back(rows: list[list[str]], end: str) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    assert [fields for _, fields in records(text.getvalue())] == rows


@given(st.lists(TEXT.filter(lambda text: not set(text) & set('",\r\n')), min_size=2, max_size=5))
def test_a_record_without_quotes_is_split_at_its_commas(fields: list[str]) -> None:
    assert split(",".join(fields)) == fields


@given(st.binary(max_size=60).filter(lambda body: b"\0" not in body))
def test_of_any_bytes_no_line_is_lost(body: bytes) -> None:
    lines = [line.removesuffix("\r") for line in body.decode("utf-8", "backslashreplace").split("\n")]
    kept = "\n".join(raw for raw, _ in records(body)).split("\n")
    if b'"' in body:  # A quoted field may hold line ends of its own.
        kept = [line.removesuffix("\r") for line in kept]
    blanks = " \t\n\v\f\r"
    assert [line for line in kept if line.strip(blanks)] == [line for line in lines if line.strip(blanks)]


def json_rows(*lines: str | bytes) -> list[tuple[str | None, dict[str, str | None]]]:
    body = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return [
        (defect, {n: v for n, v in zip(STREAM.all, values, strict=False) if v is not None})
        for _, defect, values in JsonRecords(io.BytesIO(body), STREAM)
    ]


def test_json_numbers_keep_their_written_text() -> None:
    line = '{"user_id": 26, "track_id": 1.50, "listen_time": 1542276000000, "ms_played": 1e3, "completed": true}'
    assert json_rows(line) == [
        (
            None,
            {
                "user_id": "26",
                "track_id": "1.50",
                "listen_time": "1542276000000",
                "ms_played": "1e3",
                "completed": "true",
            },
        )
    ]


@pytest.mark.parametrize(
    ("line", "defect"),
    [
        ("{", "not JSON"),
        ('{"user_id": 1} x', "not JSON"),
        ("[1]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ('{"user_id": NaN}', "NaN is not JSON"),
        ('{"user_id": {"id": 1}}', "nested value in user_id"),
        ('{"song_id": [1]}', "nested value in song_id"),
        ('{"user_id": 1, "USER_ID": 2}', "the row has column user_id twice"),
        ('{"user_id": "\\ud800"}', "user_id has a character that is no text"),
        ('{"user_id": "a\\u0000"}', "user_id has a character that is no text"),
        (b'{"user_id": "\xff"}', "invalid UTF-8 at byte 14 of the row"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_malformed_json_line_has_a_defect_and_no_values(line: str | bytes, defect: str) -> None:
    ((found, values),) = json_rows(line)
    assert found is not None and found.startswith(defect)
    assert values == {}


def test_json_nulls_are_blank_and_nested_unknown_columns_are_ignored() -> None:
    assert json_rows('{"user_id": null, "song_id": "t1", "track_id": " ", "more": {"x": [1]}}', "{}") == [
        (None, {"track_id": "t1"}),
        (None, {}),
    ]


@given(st.dictionaries(TEXT, st.recursive(st.none() | st.integers() | TEXT, st.lists, max_leaves=3), max_size=4))
def test_a_json_object_is_a_row_or_malformed(row: dict[str, object]) -> None:
    (found,) = JsonRecords(io.BytesIO(json.dumps(row).encode()), STREAM)
    assert (found[1] is None) or not found[2]
