"""What every engine promises, on DuckDB."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engines import Engine, UnknownEngineError, open_engine
from sql.database import read_sql


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine("duckdb", "500MB", tmp_path, threads=1) as opened:
        yield opened


def test_an_unknown_engine_is_rejected_with_the_names_of_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownEngineError, match="--engine flink is not known: choose one of duckdb"):
        open_engine("flink", "1GB", tmp_path)


def test_parameters_keep_texts_numbers_truths_and_absences(engine: Engine) -> None:
    engine.parameters({"text": "it's", "number": 2**40, "truth": True, "nothing": None})
    assert engine.query("select text, number, truth, nothing from parameters") == [("it's", 2**40, True, None)]


def test_a_name_may_change_from_table_to_view_and_back(engine: Engine) -> None:
    assert engine.materialize("thing", "select 1 as n union all select 2") == 2
    engine.define("thing", "select 3 as n")
    assert engine.query("select n from thing") == [(3,)]
    engine.rows("thing", {"n": "bigint"}, [[4]])
    engine.drop("thing")
    engine.rows("thing", {"n": "bigint"}, [])
    assert engine.query("select n from thing") == []


def test_what_is_exported_can_be_a_source_with_columns_from_its_path(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "file=0012" / "event_date=2018-11-15" / "a.parquet"
    engine.rows("given", {"n": "bigint", "moment": "timestamp"}, [[1, "2018-11-15 10:00:00.25"], [2, None]])
    assert engine.export("select * from given", path) == 2
    engine.source("read", [path], {"moment": "timestamp", "n": "bigint"}, ["file"])
    assert engine.query("select n, file, cast(moment as string) from read order by n") == [
        (1, "0012", "2018-11-15 10:00:00.25"),
        (2, "0012", None),
    ]


def test_a_source_without_files_is_empty_and_has_its_columns(engine: Engine) -> None:
    engine.source("read", [], {"n": "bigint"}, ["file"])
    assert engine.query("select n, file from read") == []


def test_batches_give_every_row_once(engine: Engine) -> None:
    engine.materialize("many", "select explode(sequence(1, 25)) as n")
    batches = list(engine.batches("select n from many", 10))
    assert sorted(row[0] for batch in batches for row in batch) == list(range(1, 26))
    assert max(len(batch) for batch in batches) <= 10


def test_the_shared_vocabulary_means_what_spark_means_by_it(engine: Engine) -> None:
    told = "select shiftleft(cast(1 as bigint), 40), unix_millis(cast('1970-01-01 00:00:01.5' as timestamp))"
    assert engine.query(told) == [(2**40, 1500)]
    assert engine.query("select explode(split('b;a', ';')) as part") == [("b",), ("a",)]
    same = "select xxhash64('a') = xxhash64('a'), xxhash64('a', 1, 2) = xxhash64('a', 1, 3)"
    assert engine.query(same) == [(True, False)]


def test_texts_sort_by_the_bytes_of_utf_8(engine: Engine) -> None:
    engine.rows("names", {"name": "string"}, [["ä"], ["z"], ["Z"], ["😀"], ["\uffee"]])
    assert [row[0] for row in engine.query("select name from names order by name")] == ["Z", "z", "ä", "\uffee", "😀"]


def test_every_rule_says_its_grain_first() -> None:
    for folder in ("kpi", "metrics"):
        for path in (Path(__file__).parents[3] / "sql" / folder).glob("*.sql"):
            assert read_sql(folder, path.stem).startswith("-- Grain: "), path
