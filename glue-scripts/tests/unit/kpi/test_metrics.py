"""Every metric on small days: given and expected tables in cases/."""

from collections import defaultdict
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from oracle.model import Accepted, Track
from support.kpi_world import KpiWorld, row
from support.metric_cases import Cases, Line, Table, read_cases

from jobs import kpi
from storage.store_directory import DirectoryStore

FOLDER = Path(__file__).parent / "cases"
ALL = [(path.name, title) for path in sorted(FOLDER.glob("*.md")) for title in read_cases(path).expected]


def accepted(line: Line) -> Accepted:
    """Returns a row of the table `Rows`."""
    given: dict[str, Any] = {name: line.get(name) or None for name in ("event_id", "device_type")}
    given["ms_played"] = int(line["ms_played"]) if line.get("ms_played") else None
    given["completed"] = {"true": True, "false": False}.get(line.get("completed", ""))
    return row(line["user_id"], line["track_id"], line["listen_time"], **given)


def song(line: Line) -> Track:
    return Track(line["track_id"], line["track_name"], line["artists"], int(line["duration_ms"]), line["genre"])


def computed(cases: Cases) -> KpiWorld:
    """Returns a bucket in which kpi has computed the given tables."""
    songs = {line["track_id"]: song(line) for line in cases.given["songs"]}
    countries = {line["user_id"]: line["country"] or "unknown" for line in cases.given["users"]}
    folder, files = Path(mkdtemp()), defaultdict(list)
    for line in cases.given["rows"]:
        files[line.get("file", "streams/a.csv")].append(accepted(line))
    world = KpiWorld(DirectoryStore(folder / "store"), folder / "temp", songs, countries)
    kpi.run(world.context("kpi", world.validate(dict(files))))
    return world


@cache
def world_of(name: str) -> KpiWorld:
    return computed(read_cases(FOLDER / name))


def published(world: KpiWorld, table: Table) -> list[Line]:
    """Returns the rows of a metric in the columns of an expected table, as texts."""
    rows = [found for found in world.flat_rows(table.name) if table.as_of in (None, found.get("as_of"))]
    return [{name: "" if found[name] is None else str(found[name]) for name in table.columns} for found in rows]


@pytest.mark.parametrize(("name", "title"), ALL, ids=[f"{name}: {title}" for name, title in ALL])
def test_case(name: str, title: str) -> None:
    for table in read_cases(FOLDER / name).expected[title]:
        assert published(world_of(name), table) == table.lines
