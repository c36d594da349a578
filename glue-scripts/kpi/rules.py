"""The rules of the KPIs: the contract's metrics, the columns of accepted rows, and the SQL."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from contracts.columns import ACCEPTED
from contracts.metrics import Metric, metrics
from sql.database import read_sql

_ADDS_UP = re.compile(r"\bAdds up: (?:union|sum(?: by ([a-z_]+(?:, [a-z_]+)*))?)\.")


@dataclass(frozen=True)
class Rules:
    """What kpi computes by. `sql` reads sql/<folder>/<name>.sql; tests add a metric or a column."""

    metrics: Sequence[Metric] = field(default_factory=metrics)
    columns: Mapping[str, str] = field(default_factory=lambda: ACCEPTED)
    sql: Callable[[str, str], str] = read_sql

    def of_steps(self, names: Iterable[str]) -> dict[str, str]:
        """Returns the SQL of intermediate steps, in order."""
        return {name: self.sql("intermediate", name) for name in names}

    def of_metrics(self) -> dict[str, str]:
        """Returns the SQL of all metrics, in order."""
        return {metric["name"]: self.sql("metrics", metric["name"]) for metric in self.metrics}


def merge_of(sql: str, parts: str) -> str | None:
    """Returns the SELECT that merges the partial tables in `parts`, None if they stay in their partitions.

    The header of the SQL names how they add up: `Adds up: union.`, `Adds up: sum.` or `Adds up: sum by hour.`
    """
    header = " ".join(line.removeprefix("--").strip() for line in sql.splitlines() if line.startswith("--"))
    found = _ADDS_UP.search(header)
    if found is None:
        return None
    if found[0].startswith("Adds up: union"):
        return f"from {parts}"
    if found[1] is None:
        return rf"select sum(columns(*)) as '\0' from {parts}"
    return rf"select {found[1]}, sum(columns(* exclude ({found[1]}))) as '\0' from {parts} group by {found[1]}"
