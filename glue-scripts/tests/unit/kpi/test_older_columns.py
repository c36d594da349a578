"""A column that joins the list later: rows accepted before have null in it, and a metric may count it."""

from pathlib import Path

from support.kpi_world import KpiWorld, row

from contracts.columns import ACCEPTED
from contracts.metrics import Metric, metrics
from jobs import kpi, load
from kpi.rules import Rules
from load.table_memory import MemoryTable
from sql.database import read_sql
from storage.store_directory import DirectoryStore

D = "2018-11-15"
CITY: Metric = {"name": "city_daily", "key": "city", "period": "date", "fields": {"listen_count": "integer"}}
SQL = """-- Grain: one row per city of a listen, where it is given. Adds up: sum by city.
select city, count(*) as listen_count from plays where is_listen and city is not null group by all"""


def read(folder: str, name: str) -> str:
    return SQL if (folder, name) == ("metrics", "city_daily") else read_sql(folder, name)


def test_old_and_new_objects_of_a_date_are_read_together(tmp_path: Path) -> None:
    world, table = KpiWorld(DirectoryStore(tmp_path / "store"), tmp_path / "temp"), MemoryTable()
    world.validate({"streams/old.csv": [row("u1", "t1", f"{D} 10:00:00")]})
    columns = {**ACCEPTED, "city": "varchar"}
    new = [row("u1", "t2", f"{D} 11:00:00"), row("u2", "t1", f"{D} 12:00:00", ms_played=1)]
    run = world.validate({"streams/new.csv": new}, columns, {"city": "Berlin"})
    known = [*metrics(), CITY]
    kpi.run(world.context("kpi", run), Rules(known, columns, read))
    load.run(world.context("load", run), table, known)
    assert table.items["city_daily#Berlin", D]["listen_count"] == 1
    assert table.items["daily_overview", D]["listen_count"] == 2
    assert world.published() == world.expected()


def test_a_column_that_no_object_has_yet_is_null(tmp_path: Path) -> None:
    world, table = KpiWorld(DirectoryStore(tmp_path / "store"), tmp_path / "temp"), MemoryTable()
    run = world.validate({"streams/old.csv": [row("u1", "t1", f"{D} 10:00:00")]})
    known = [*metrics(), CITY]
    kpi.run(world.context("kpi", run), Rules(known, {**ACCEPTED, "city": "varchar"}, read))
    load.run(world.context("load", run), table, known)
    assert [key for key, _ in table.items if key.startswith("city_daily")] == []
    assert world.published() == world.expected()
