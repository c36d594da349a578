"""Duplicates over files: the quick search finds what a plain ranking of all rows finds."""

import random
from pathlib import Path
from typing import Any

import pytest
from support.kpi_world import day_of
from support.random_listening import random_rows

from contracts.columns import ACCEPTED
from sql.database import read_sql
from sql.session import Session, Value

PLAIN = """
select file, user_id, track_id, listen_time, event_id
from accepted_of_partition
join files using (file)
qualify row_number() over (partition by user_id, track_id, listen_time, event_id order by file_order) > 1
"""


def rows_of_files(seed: int, files: int) -> list[list[Any]]:
    """Returns rows of one date in files that follow one another in time, and share some rows."""
    chance = random.Random(seed)
    rows = sorted((found for found in random_rows(chance, 2000) if day_of(found) == "2018-11-14"), key=lambda r: r.time)
    named: list[list[Any]] = []
    for number, found in enumerate(rows):
        own = number * files // len(rows)
        for file in {own, max(0, own - chance.choice([0, 0, 0, 1])), chance.choice([own, own, files - 1])}:
            moment = f"2018-11-14 {found.time // 3_600_000 % 24:02d}:00:00.{found.time % 1000:03d}"
            optional = (found.ms_played, found.completed, found.device_type)
            named.append([f"f{file}", found.user_id, found.track_id, moment, found.event_id, *optional])
    return list({tuple(row[:5]): row for row in named}.values())


@pytest.mark.parametrize(("seed", "files"), [(1, 1), (2, 2), (3, 5), (4, 20)])
def test_the_quick_search_finds_the_duplicates_of_a_plain_ranking(tmp_path: Path, seed: int, files: int) -> None:
    rows = rows_of_files(seed, files)
    with Session("500MB", tmp_path, threads=1) as session:
        session.rows("accepted_of_partition", {"file": "varchar", **ACCEPTED}, rows)
        # File f0 comes last, so that the order of files is not that of their ids.
        order: list[list[Value]] = [[f"f{number}", -number] for number in range(files)]
        session.rows("files", {"file": "varchar", "file_order": "integer"}, order)
        found = sorted(map(str, session.query(read_sql("intermediate", "duplicates"))))
        assert found == sorted(map(str, session.query(PLAIN)))
        assert (len(found) > 0) == (files > 1)
        session.table("duplicates", read_sql("intermediate", "duplicates"))
        (effective,) = session.query(f"select count(*) from ({read_sql('intermediate', 'effective')})")
        assert effective == (len(rows) - len(found),)
