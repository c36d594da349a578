"""Computes the intermediate steps of one date, sql/intermediate/: per partition by user, then merged."""

from collections.abc import Mapping

from kpi.rules import Rules, merge_of
from spread.local import UserPartition, over_users
from sql.session import Session

#: What trending_24h needs of an earlier date, in the order in which the steps read each other.
LISTENING = ("duplicates", "effective", "plays", "track_hours")
#: What the metrics of a date need beside it.
COUNTING = (
    *("heard", "track_days", "user_genres", "genre_days", "credits", "artist_days"),
    *("user_hours", "hours", "user_days", "sessions", "ledger"),
)


class Steps:
    """Computes steps of the rows in `accepted`: all that the metrics of a date need, or only track_hours.

    Metrics that read `plays` are computed per partition, like a step.
    """

    def __init__(self, session: Session, rules: Rules, only_listening: bool) -> None:
        self._session = session
        self._sql = rules.of_steps(LISTENING if only_listening else (*LISTENING, *COUNTING))
        if not only_listening:
            self._sql |= {name: sql for name, sql in rules.of_metrics().items() if merge_of(sql, name)}
        # For track_hours alone, plays are not worth a table.
        self._views = {"effective", "plays"} if only_listening else {"effective"}

    @property
    def _merges(self) -> Mapping[str, str]:
        return {name: merge for name, sql in self._sql.items() if (merge := merge_of(sql, _parts(name)))}

    def compute(self, partitions: int) -> None:
        """Builds the steps, one partition after the other."""
        if partitions == 1:
            over_users(self._build_all, partitions)
            return
        over_users(self._add, partitions)
        for name, merge in self._merges.items():
            self._session.table(name, merge)
            self._session.drop(_parts(name))

    def drop(self) -> None:
        """Frees the memory of the steps."""
        for name in reversed(self._sql):
            self._session.drop(name)

    def _add(self, partition: UserPartition) -> None:
        self._build_all(partition)
        for name in self._merges:
            self._session.append(_parts(name), f"from {name}")

    def _build_all(self, partition: UserPartition) -> None:
        self._session.view("validated", f"from accepted where {partition.condition}")
        for name, sql in self._sql.items():
            build = self._session.view if name in self._views else self._session.table
            build(name, sql)


def _parts(name: str) -> str:
    return f"{name}_parts"
