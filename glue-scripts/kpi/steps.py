"""Computes the intermediate steps of one date, sql/intermediate/: per partition by user, then merged."""

from collections.abc import Callable, Collection, Mapping

from kpi.rules import Rules, merge_of
from spread.local import UserPartition, over_users
from sql.session import Session

#: What trending_24h needs of an earlier date, in the order in which the steps read each other.
LISTENING = ("duplicates", "effective", "users", "plays", "track_hours")
#: What the metrics of a date need beside it.
COUNTING = (
    *("heard", "track_days", "user_genres", "genre_days", "credits", "artist_days"),
    *("user_hours", "hours", "user_days", "sessions", "ledger"),
)


def compute_listening(session: Session, rules: Rules, partitions: int) -> None:
    """Computes track_hours of the rows in `accepted`, and nothing that it does not need."""
    _compute(session, rules, {name: rules.sql("intermediate", name) for name in LISTENING}, partitions, {"plays"})


def compute_steps(session: Session, rules: Rules, partitions: int) -> None:
    """Computes all steps of the rows in `accepted`, and the metrics that are computed per partition like a step."""
    steps = {name: rules.sql("intermediate", name) for name in (*LISTENING, *COUNTING)}
    metrics = {name: sql for name, sql in rules.metric_sql().items() if merge_of(sql, name)}
    _compute(session, rules, {**steps, **metrics}, partitions)


def drop_steps(session: Session, rules: Rules) -> None:
    """Frees what a date's computation has left."""
    for name in (*LISTENING, *COUNTING, *rules.metric_sql()):
        session.drop(name)


def _compute(
    session: Session, rules: Rules, steps: Mapping[str, str], partitions: int, views: Collection[str] = ()
) -> None:
    merges = {name: merge for name, sql in steps.items() if (merge := merge_of(sql, f"{name}_parts"))}

    def build(name: str) -> None:
        if name in views or name == "effective":
            session.view(name, steps[name])
        else:
            session.table(name, steps[name])

    def work(partition: UserPartition) -> None:
        session.view("validated", f"from accepted where {partition.condition}")
        for name in steps:
            build(name)
            if name == "track_hours":
                _add_unlisted_tracks(session, rules, build)
        for name in merges if partition.of > 1 else ():
            session.append(f"{name}_parts", f"from {name}")

    over_users(work, partitions)
    for name, merge in merges.items() if partitions > 1 else ():
        session.table(name, merge)
        session.drop(f"{name}_parts")


def _add_unlisted_tracks(session: Session, rules: Rules, build: Callable[[str], None]) -> None:
    """Numbers the tracks that left the snapshot after their rows were accepted, and counts them again."""
    if session.query("select 1 from track_hours where track_no is null limit 1"):
        session.append("tracks", rules.sql("intermediate", "unlisted_tracks"))
        build("plays")
        build("track_hours")
