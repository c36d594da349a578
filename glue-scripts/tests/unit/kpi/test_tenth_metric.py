"""A tenth metric by docs/extend.md: its two code blocks, taken from there, are all that kpi and load need."""

import json
import re
from pathlib import Path

from support.kpi_world import NOW, KpiWorld, row, shown

from contracts.metrics import Metric, metrics
from jobs import kpi, load
from kpi.kpi_pass import Rules
from load.table_memory import MemoryTable
from sql.database import read_sql
from storage.store_directory import DirectoryStore

D = "2018-11-15"
DOCS = Path(__file__).resolve().parents[4] / "docs" / "extend.md"


def documented(language: str) -> str:
    """The first code block of the language."""
    found = re.search(rf"```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1].strip()


def documented_entry() -> Metric:
    """The contract entry: a literal of TypeScript, which quotes make JSON."""
    literal = documented("ts").rstrip(",").replace("'", '"')
    entry: Metric = json.loads(re.sub(r"(\w+):", r'"\1":', literal))
    return entry


def test_a_tenth_metric_is_the_sql_and_the_entry_that_the_docs_show(tmp_path: Path) -> None:
    entry = documented_entry()
    known = [*(metric for metric in metrics() if metric["name"] != entry["name"]), entry]

    def read(folder: str, name: str) -> str:
        return documented("sql") if (folder, name) == ("metrics", entry["name"]) else read_sql(folder, name)

    world, table = KpiWorld(DirectoryStore(tmp_path / "store", lambda: NOW), tmp_path / "temp"), MemoryTable()
    listens = [row("u1", "t1", f"{D} 10:00:00"), row("u2", "t1", f"{D} 11:00:00"), row("u1", "t3", f"{D} 12:00:00")]
    skips = [row("u2", "t3", f"{D} 13:00:00", ms_played=5), row("u3", "t2", f"{D} 14:00:00", ms_played=5)]
    run = world.validate({"streams/a.csv": [*listens, *skips]})
    kpi.run(world.context("kpi", run), Rules(known, read))
    load.run(world.context("load", run), table, known)

    own = {found: item for found, item in table.items.items() if found[0].startswith(f"{entry['name']}#")}
    assert {(item["track_id"], item["listen_count"], item["skip_count"]) for item in own.values()} == {
        ("t1", 2, 0),
        ("t2", 0, 1),
        ("t3", 1, 1),
    }
    assert set(own) == {(f"{entry['name']}#{track}", D) for track in ("t1", "t2", "t3")}
    assert {item["period_key"] for item in own.values()} == {f"{D}#{entry['name']}"}
    assert world.published() == shown(table) == world.expected()
