"""Relations of a session, and what DuckDB makes of their values."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sql.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session("500MB", tmp_path, threads=1) as opened:
        yield opened


def test_rows_keep_texts_numbers_truths_and_absences(session: Session) -> None:
    kinds = {"text": "varchar", "number": "bigint", "truth": "boolean", "nothing": "varchar"}
    session.rows("given", kinds, [["it's", 2**40, True, None]])
    assert session.query("from given") == [("it's", 2**40, True, None)]


def test_a_name_may_change_from_table_to_view_and_back(session: Session) -> None:
    session.table("thing", "select 1 as n union all select 2")
    assert session.query("select sum(n) from thing") == [(3,)]
    session.view("thing", "select 3 as n")
    assert session.query("select n from thing") == [(3,)]
    session.rows("thing", {"n": "bigint"}, [[4]])
    session.drop("thing")
    session.drop("thing")
    session.rows("thing", {"n": "bigint"}, [])
    assert session.query("select n from thing") == []


def test_append_creates_a_table_and_adds_to_it_by_name(session: Session) -> None:
    session.append("parts", "select 1 as a, 'x' as b")
    session.append("parts", "select 'y' as b, 2 as a")
    assert session.query("select a, b from parts order by a") == [(1, "x"), (2, "y")]


def test_an_exported_file_is_read_with_columns_of_its_path(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "file=0012" / "event_date=2018-11-15" / "a.parquet"
    session.rows("given", {"n": "bigint", "moment": "timestamp"}, [[1, "2018-11-15 10:00:00.25"], [2, None]])
    assert session.export("select * from given", path) == 2
    session.parquet("read", [path], {"moment": "timestamp", "n": "bigint"}, ["file"])
    assert session.query("select n, file, moment::varchar from read order by n") == [
        (1, "0012", "2018-11-15 10:00:00.25"),
        (2, "0012", None),
    ]


def test_a_column_that_a_file_lacks_is_null_and_others_are_left_out(session: Session, tmp_path: Path) -> None:
    old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
    session.export("select 1 as n, 'left out' as other", old)
    session.export("select 'Berlin' as city, 2 as n", new)
    session.parquet("read", [old, new], {"n": "bigint", "city": "varchar"})
    assert session.query("from read order by n") == [(1, None), (2, "Berlin")]
    session.parquet("read", [old], {"n": "bigint", "city": "varchar"})
    assert session.query("from read") == [(1, None)]


def test_a_source_without_files_is_empty_and_has_its_columns(session: Session) -> None:
    session.parquet("read", [], {"n": "bigint"}, ["file"])
    assert session.query("select n, file from read") == []


def test_batches_give_every_row_once(session: Session) -> None:
    session.table("many", "select unnest(range(1, 26)) as n")
    batches = list(session.batches("select n from many", 10))
    assert sorted(row[0] for batch in batches for row in batch) == list(range(1, 26))
    assert max(len(batch) for batch in batches) <= 10


def test_texts_sort_by_the_bytes_of_utf_8(session: Session) -> None:
    session.rows("names", {"name": "varchar"}, [["ä"], ["z"], ["Z"], ["😀"], ["\uffee"]])
    assert [row[0] for row in session.query("select name from names order by name")] == ["Z", "z", "ä", "\uffee", "😀"]


def test_a_session_has_the_settings_of_databases_but_reorders_joins(session: Session) -> None:
    names = ("timezone", "threads", "preserve_insertion_order", "disabled_optimizers")
    select = f"select {', '.join(f'current_setting({name!r})' for name in names)}"
    assert session.query(select) == [("UTC", 1, False, "")]
    assert list(session.batches(select, 1)) == [session.query(select)]
