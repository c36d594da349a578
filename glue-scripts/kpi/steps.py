"""Computes the intermediate steps of one date, sql/intermediate/: per partition by user, then merged."""

from kpi.rules import Rules
from spread.local import UserPartition, over_users
from sql.session import Session

#: What trending_24h needs of an earlier date, in the order in which the steps read each other.
LISTENING = ("duplicates", "effective", "plays", "track_hours")
#: What the metrics of a date need beside it.
COUNTING = (
    *("heard", "track_days", "user_genres", "genre_days", "credits", "artist_days"),
    *("user_hours", "hours", "user_days", "sessions", "ledger"),
)
#: The view of the rows in `accepted` that the steps of a partition are computed from.
_ROWS = "accepted_of_partition"


class Steps:
    """Computes steps of the rows in `accepted`: all that the metrics of a date need, or only track_hours.

    Metrics that add up over partitions are computed per partition, like a step.
    """

    def __init__(self, session: Session, rules: Rules, only_listening: bool) -> None:
        self._session = session
        queries = rules.of_steps(LISTENING if only_listening else (*LISTENING, *COUNTING))
        if not only_listening:
            queries |= {name: query for name, query in rules.of_metrics().items() if query.clause}
        self._sql = {name: query.sql for name, query in queries.items()}
        self._merges = {name: merge for name, query in queries.items() if (merge := query.merge(_parts(name)))}
        # For track_hours alone, plays are not worth a table.
        self._views = {"effective", "plays"} if only_listening else {"effective"}

    def compute(self, partitions: int) -> None:
        """Builds the steps, one partition after the other. Only the merged steps are left.

        A step that stays in its partition is dropped, however many partitions there are. So whoever reads it outside
        fails, instead of reading the rows of the last partition.
        """
        if partitions == 1:
            over_users(self._build_all, partitions)
        else:
            over_users(self._add, partitions)
            for name, merge in self._merges.items():
                self._session.table(name, merge)
                self._session.drop(_parts(name))
        for name in (*self._sql, _ROWS):
            if name not in self._merges:
                self._session.drop(name)

    def drop(self) -> None:
        """Frees the memory of the steps."""
        for name in self._merges:
            self._session.drop(name)

    def _add(self, partition: UserPartition) -> None:
        self._build_all(partition)
        for name in self._merges:
            self._session.append(_parts(name), f"from {name}")

    def _build_all(self, partition: UserPartition) -> None:
        self._session.view(_ROWS, f"from accepted where {partition.condition}")
        for name, sql in self._sql.items():
            build = self._session.view if name in self._views else self._session.table
            build(name, sql)


def _parts(name: str) -> str:
    return f"{name}_parts"
