"""The rules of the KPIs: the contract's metrics, the columns of accepted rows, and the SQL.

The comments at the top of an SQL file steer how its tables of a date's partitions by user are merged, by one clause:

- `Adds up: union.` The rows of all partitions. No two partitions have a row with the same key.
- `Adds up: sum.` One row: the sum of every column.
- `Adds up: sum by hour, genre.` One row per hour and genre: the sum of every other column.
- `Adds up: stays in its partition.` Not merged: only steps of the same partition can read it.
- `Made once a run.` Computed before all dates, not per partition.

Every step has a clause. A metric without one reads merged steps; a metric that adds up is computed per partition.
MergeClauseError names a file that mentions `adds up` in another form, has two clauses, or lacks the one it needs.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from contracts.columns import ACCEPTED
from contracts.metrics import Metric, metrics
from sql.database import read_sql

_NAMES = r"[a-z][a-z0-9_]*(?:, [a-z][a-z0-9_]*)*"
_MERGED = re.compile(rf"\bAdds up: (?P<how>union|sum(?: by (?P<names>{_NAMES}))?)\.")
_NOT_MERGED = re.compile(r"\bAdds up: stays in its partition\.|\bMade once a run\.")
_MENTIONED = re.compile(r"\badds? up\b|\bmade once\b", re.IGNORECASE)


class MergeClauseError(Exception):
    """An SQL file does not say, in the form of a clause, how its tables of partitions add up."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file} does not say in its header how its rows add up over partitions: write exactly one clause in a"
            " form that kpi/rules.py describes, such as `Adds up: sum by hour.`"
        )


@dataclass(frozen=True)
class Query:
    """The SQL of a step or metric. `clause` says how its tables of partitions are merged, None that they are not."""

    sql: str
    clause: re.Match[str] | None

    def merge(self, parts: str) -> str | None:
        """Returns the SELECT that merges the tables of partitions, whose rows are in `parts`. None for no merge."""
        if self.clause is None:
            return None
        if self.clause["how"] == "union":
            return f"from {parts}"
        if not (names := self.clause["names"]):
            return rf"select sum(columns(*)) as '\0' from {parts}"
        return rf"select {names}, sum(columns(* exclude ({names}))) as '\0' from {parts} group by {names}"


@dataclass(frozen=True)
class Rules:
    """What kpi computes by. `sql` reads sql/<folder>/<name>.sql; tests add a metric or a column."""

    metrics: Sequence[Metric] = field(default_factory=metrics)
    columns: Mapping[str, str] = field(default_factory=lambda: ACCEPTED)
    sql: Callable[[str, str], str] = read_sql

    def of_steps(self, names: Iterable[str]) -> dict[str, Query]:
        """Returns intermediate steps, in order. Raises MergeClauseError for a step without a clause."""
        return {name: self._query("intermediate", name) for name in names}

    def of_metrics(self) -> dict[str, Query]:
        """Returns all metrics, in order. Raises MergeClauseError for a metric with a clause that gives no merge."""
        return {metric["name"]: self._query("metrics", metric["name"]) for metric in self.metrics}

    def _query(self, folder: str, name: str) -> Query:
        sql = self.sql(folder, name)
        comments = " ".join(line.strip("- ") for line in sql.splitlines() if line.startswith("--"))
        clause = _MERGED.search(comments)
        mentioned = len(_MENTIONED.findall(comments))
        is_step = folder == "intermediate"
        known = clause or (is_step and _NOT_MERGED.search(comments))
        if mentioned > 1 or (not known and (mentioned or is_step)):
            raise MergeClauseError(f"sql/{folder}/{name}.sql")
        return Query(sql, clause)
