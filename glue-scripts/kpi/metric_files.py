"""Computes the metrics of one date and writes each as a local Parquet file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from contracts.metrics import Metric, list_fields
from kpi.metric_columns import key_columns, object_columns, row_order
from kpi.rules import Query, Rules
from sql.database import literal, quoted
from sql.session import Session


class UnreadableStepError(Exception):
    """A metric reads what does not exist once the partitions of a date are merged."""

    def __init__(self, metric: str, error: duckdb.CatalogException) -> None:
        super().__init__(
            f"sql/metrics/{metric}.sql cannot be computed. {str(error).splitlines()[0]} A metric reads merged steps. To"
            " read one that stays in its partition, say in the header how the metric adds up: `Adds up: sum by …`."
        )


@dataclass(frozen=True)
class MetricFile:
    """One metric of one date, not yet published: a local Parquet file with at least one item."""

    metric: str
    path: Path
    items: int


class MetricFiles:
    """Writes the metrics of dates. Reads the steps of a date from the session."""

    def __init__(self, session: Session, rules: Rules) -> None:
        self._session = session
        self._selects = {name: _select(name, query) for name, query in rules.of_metrics().items()}

    def write(self, metrics: Sequence[Metric], folder: Path) -> list[MetricFile]:
        """Writes those of the metrics that have an item. Raises UnreadableStepError."""
        return [file for metric in metrics if (file := self._write(metric, folder))]

    def _write(self, metric: Metric, folder: Path) -> MetricFile | None:
        name = metric["name"]
        columns = [f"{quoted(column)}::{kind} as {quoted(column)}" for column, kind in object_columns(metric).items()]
        path = folder / f"{name}.parquet"
        select = f"select {', '.join(columns)} from {self._selects[name]}{row_order(metric)}"
        try:
            rows = self._session.export(select, path)
        except duckdb.CatalogException as error:
            raise UnreadableStepError(name, error) from error
        if rows == 0:
            path.unlink()
            return None
        return MetricFile(name, path, self._items(metric, path) if list_fields(metric) else rows)

    def _items(self, metric: Metric, path: Path) -> int:
        """Returns the number of items in a file of a metric with lists, whose items have several rows."""
        keys = ", ".join(map(quoted, key_columns(metric)))
        if not keys:
            return 1
        return int(
            self._session.query(f"select count(*) from (select distinct {keys} from {literal(str(path))})")[0][0]
        )


def _select(name: str, query: Query) -> str:
    """Returns what to select a metric from: itself, or the table that the steps have made of it."""
    return name if query.clause else f"(\n{query.sql}\n)"
