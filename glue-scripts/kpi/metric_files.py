"""Computes the metrics of one date and writes each as a local Parquet file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.metrics import Metric, list_fields
from kpi.metric_columns import key_columns, object_columns, row_order
from kpi.rules import Rules, merge_of
from sql.database import literal, quoted
from sql.session import Session


@dataclass(frozen=True)
class MetricFile:
    """One metric of one date, not yet published: a local Parquet file with at least one item."""

    metric: str
    path: Path
    items: int


def write_metrics(session: Session, rules: Rules, metrics: Sequence[Metric], folder: Path) -> list[MetricFile]:
    """Writes the metrics that have an item. Reads the steps of the date from the session."""
    return [file for metric in metrics if (file := _write(session, rules, metric, folder))]


def _write(session: Session, rules: Rules, metric: Metric, folder: Path) -> MetricFile | None:
    name = metric["name"]
    sql = rules.sql("metrics", name)
    columns = [f"{quoted(column)}::{kind} as {quoted(column)}" for column, kind in object_columns(metric).items()]
    source = name if merge_of(sql, name) else f"(\n{sql}\n)"
    path = folder / f"{name}.parquet"
    rows = session.export(f"select {', '.join(columns)} from {source}{row_order(metric)}", path)
    if rows == 0:
        path.unlink()
        return None
    return MetricFile(name, path, _items(session, metric, path) if list_fields(metric) else rows)


def _items(session: Session, metric: Metric, path: Path) -> int:
    keys = ", ".join(map(quoted, key_columns(metric))) or "true"
    return int(session.query(f"select count(*) from (select distinct {keys} from {literal(str(path))})")[0][0])
