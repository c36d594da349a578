"""docs/extend.md, "A new column with a KPI": its code blocks, put into a copy, are all that the jobs need."""

from pathlib import Path

from support.extend_page import ROOT, blocks
from support.extended_copy import copy_to, generate, insert, put_and_load

HEADING = "A new column with a KPI"
D = "2018-11-15"
BEFORE = f"user_id,track_id,listen_time\nu1,t1,{D} 10:00:00\n"
AFTER = (
    "user_id,track_id,listen_time,city\n"
    f"u1,t1,{D} 11:00:00,Berlin\nu2,t1,{D} 12:00:00, Berlin \nu2,t2,{D} 13:00:00,Ulm\nu1,t2,{D} 14:00:00,\n"
    f"u1,t1,{D} 15:00:00,{'x' * 257}\n"
)


def with_city(target: Path) -> Path:
    scripts = copy_to(target)
    column, metric = blocks(HEADING, "ts")
    (rule,) = blocks(HEADING, "sql")
    insert(target / "packages/contracts/src/stream-columns.ts", column, "\n];\n")
    insert(target / "packages/contracts/src/metrics.ts", metric, "\n];\n")
    (scripts / "sql/metrics/city_daily.sql").write_text(rule, encoding="utf-8")
    generate(target)
    return scripts


def test_a_column_and_its_kpi_are_what_the_page_shows_also_beside_rows_from_before(tmp_path: Path) -> None:
    put_and_load(ROOT / "glue-scripts", tmp_path / "bucket", "before.csv", BEFORE)
    items = put_and_load(with_city(tmp_path / "copy"), tmp_path / "bucket", "after.csv", AFTER)

    assert {name for name in items if name.startswith("city_daily")} == {"city_daily#Berlin", "city_daily#Ulm"}
    berlin, ulm = items["city_daily#Berlin"], items["city_daily#Ulm"]
    assert (berlin["listen_count"], berlin["unique_listeners"], berlin["period"]) == (2, 2, D)
    assert (ulm["listen_count"], ulm["unique_listeners"]) == (1, 1)
    # The row from before counts as ever; the row with a city that is too long is in quarantine.
    assert items["daily_overview"]["listen_count"] == 5
