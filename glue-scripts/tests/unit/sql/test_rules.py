"""What holds for every SQL file of the KPIs."""

from pathlib import Path

import pytest

from spread.engine import check_engine
from sql.database import read_sql

SQL = Path(__file__).parents[3] / "sql"


@pytest.mark.parametrize("folder", ["intermediate", "metrics"])
def test_every_step_and_metric_names_its_grain_first(folder: str) -> None:
    paths = sorted((SQL / folder).glob("*.sql"))
    assert paths != []
    for path in paths:
        assert read_sql(folder, path.stem).startswith("-- Grain: "), path


def test_no_metric_carries_a_date() -> None:
    for path in (SQL / "metrics").glob("*.sql"):
        assert "event_date" not in path.read_text(encoding="utf-8"), path


def test_an_unknown_engine_is_rejected_with_the_names_of_the_known_ones() -> None:
    with pytest.raises(Exception, match="--engine"):
        check_engine("flink")
