"""One pass of the rules over some dates: validated rows and a snapshot in, one file per metric and date out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contracts.columns import ACCEPTED, TRACKS, USERS
from contracts.documents import DateLedger
from contracts.metrics import Metric, metrics
from engines import Engine, Value
from kpi.current_files import DateRows
from kpi.event_ids import Copy
from sql.database import read_sql

#: Shared steps that every metric may read, in the order in which they read each other; sql/kpi/<name>.sql.
STEPS = ("track_hours", "track_days", "credits", "named_tracks", "user_words", "user_days", "date_hours")
#: Types of the contract → SQL.
TYPES: Mapping[str, str] = {"integer": "bigint", "text": "string", "json": "string"}
COPIES = {"file": "string", "file_place": "bigint", "event_id": "string"}


@dataclass(frozen=True)
class Rules:
    """The metrics and where their SQL is read from. Tests add a metric by giving others."""

    metrics: Sequence[Metric] = field(default_factory=metrics)
    sql: Callable[[str, str], str] = read_sql


@dataclass(frozen=True)
class PassInputs:
    """`paths` are the local files of `rows`; `elsewhere` are copies on dates that are not read."""

    targets: Sequence[str]
    rows: Sequence[DateRows]
    paths: Sequence[Path]
    tracks: Path
    users: Path
    elsewhere: Sequence[Copy]


@dataclass(frozen=True)
class MetricFile:
    """One metric on one date, not yet published: a local Parquet file with at least one item."""

    metric: str
    date: str
    path: Path
    items: int


@dataclass(frozen=True)
class PassOutput:
    """Of the target dates: ledgers (`accepted` by the documents), ids of the files each is made of, and metric files.

    A date is made of the files with rows on it and of those that hold copies of such rows on other dates.
    """

    ledgers: dict[str, DateLedger]
    sources: dict[str, list[str]]
    files: list[MetricFile]


def compute(engine: Engine, rules: Rules, inputs: PassInputs, folder: Path) -> PassOutput:
    """Runs every metric on all target dates at once and writes its files below `folder`."""
    _load(engine, inputs)
    sources = _sources(engine, rules, inputs, _stand(engine, rules, inputs))
    _number(engine, rules)
    for step in STEPS:
        engine.materialize(step, rules.sql("kpi", step))
    counts = {row[0]: row[1:] for row in engine.query(rules.sql("kpi", "ledger"))}
    ledgers = {date: _ledger(inputs, date, counts.get(date, (0, 0, 0))) for date in inputs.targets}
    files = [file for metric in rules.metrics for file in _metric_files(engine, rules, metric, folder)]
    for name in ("plays", *STEPS):
        engine.drop(name)
    return PassOutput(ledgers, sources, files)


def _load(engine: Engine, inputs: PassInputs) -> None:
    engine.source("validated", inputs.paths, ACCEPTED, ["file"])
    engine.source("track_snapshot", [inputs.tracks], TRACKS)
    engine.source("user_snapshot", [inputs.users], USERS)
    engine.rows("target_dates", {"event_date": "date"}, [[date] for date in inputs.targets])
    named = {rows.file_id: rows.file_key for rows in inputs.rows}
    named.update((copy.file_id, copy.file_key) for copy in inputs.elsewhere)
    places = {file_id: place for place, file_id in enumerate(sorted(named, key=lambda found: named[found].encode()))}
    engine.rows("files", {"file": "string", "file_place": "bigint"}, [[*found] for found in places.items()])
    copies: list[list[Value]] = [[copy.file_id, places[copy.file_id], copy.event_id] for copy in inputs.elsewhere]
    engine.rows("copies_elsewhere", COPIES, copies)


def may_repeat(inputs: PassInputs) -> bool:
    """Whether a row can be in two files at all: the cheap test that most runs stop at."""
    dates = [rows.date for rows in inputs.rows]
    naming = {rows.file_id for rows in inputs.rows if rows.has_event_ids}
    return len(set(dates)) < len(dates) or len(naming) > 1 or bool(inputs.elsewhere)


def _stand(engine: Engine, rules: Rules, inputs: PassInputs) -> bool:
    """Decides which rows stand; says whether any may be in several files."""
    repeated = 0
    if may_repeat(inputs):
        engine.define("accepted", rules.sql("kpi", "accepted"))
        repeated = engine.materialize("repeated", rules.sql("kpi", "repeated"))
    if repeated:
        engine.materialize("copies", rules.sql("kpi", "copies"))
        engine.materialize("beaten", rules.sql("kpi", "beaten"))
        engine.define("standing", rules.sql("kpi", "standing"))
    else:
        engine.rows("beaten", {"event_date": "date"}, [])
        engine.define("standing", rules.sql("kpi", "standing_all"))
    return repeated > 0


def _sources(engine: Engine, rules: Rules, inputs: PassInputs, repeated: bool) -> dict[str, list[str]]:
    found = {date: {rows.file_id for rows in inputs.rows if rows.date == date} for date in inputs.targets}
    for date, file in engine.query(rules.sql("kpi", "sharing")) if repeated else []:
        found[date].add(file)
    return {date: sorted(files) for date, files in found.items()}


def _number(engine: Engine, rules: Rules) -> None:
    engine.rows("unlisted_tracks", {"track_id": "string"}, [])
    engine.rows("unlisted_users", {"user_id": "string"}, [])
    _number_once(engine, rules)
    unlisted = "select count(*) from plays where track_no is null or user_no is null"
    if engine.query(unlisted) != [(0,)]:
        for name in ("unlisted_tracks", "unlisted_users"):
            engine.materialize(name, rules.sql("kpi", name))
        _number_once(engine, rules)


def _number_once(engine: Engine, rules: Rules) -> None:
    for step in ("tracks", "users", "plays"):
        engine.materialize(step, rules.sql("kpi", step))


def _ledger(inputs: PassInputs, date: str, counts: tuple[int, ...]) -> DateLedger:
    accepted = sum(rows.rows for rows in inputs.rows if rows.date == date)
    counted, skipped, duplicate = counts
    return {"accepted": accepted, "counted": counted, "skipped": skipped, "duplicate": duplicate}


def _metric_files(engine: Engine, rules: Rules, metric: Metric, folder: Path) -> list[MetricFile]:
    name, key = metric["name"], [metric["key"]] if metric["key"] else []
    order = [*key, *(["as_of"] if metric["period"] == "as_of" else [])]
    texts = [f'cast("{column}" as string) as "{column}"' for column in order]
    fields = [f'cast("{field}" as {TYPES[kind]}) as "{field}"' for field, kind in metric["fields"].items()]
    engine.materialize("result", rules.sql("metrics", name))
    found = engine.query(
        "select cast(event_date as string) as event_date, count(*) as items from result"
        " where event_date in (select event_date from target_dates) group by event_date order by event_date"
    )
    files = []
    for date, items in found:
        path = folder / f"{name}-{date}.parquet"
        sorting = f" order by {', '.join(order)}" if order else ""
        engine.export(
            f"select {', '.join(['event_date', *texts, *fields])} from result"
            f" where event_date = cast('{date}' as date){sorting}",
            path,
        )
        files.append(MetricFile(name, date, path, items))
    engine.drop("result")
    return files
