"""Keeps the hourly listens per track of the dates that a 24-hour window may reach."""

from kpi.dates import REACH, shifted
from sql.session import Session


class HourlyListens:
    """One table per date. The view `hourly_listens` (start, track_no, listens) unites a date and the two before."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._dates: list[str] = []
        session.rows("no_listens", {"start": "timestamp", "track_no": "integer", "listens": "bigint"}, [])

    def keep(self, date: str) -> None:
        """Copies the date's hours from the step track_hours."""
        select = f"select timestamp '{date}' + to_hours(hour) as start, track_no, listen_count as listens"
        self._session.table(_table(date), f"{select} from track_hours where listen_count > 0")
        self._dates.append(date)

    def look_back(self, date: str) -> bool:
        """Defines the views `day` and `hourly_listens` for the date. Returns False if it would have no rows."""
        for old in [kept for kept in self._dates if kept < shifted(date, -REACH)]:
            self._session.drop(_table(old))
            self._dates.remove(old)
        self._session.table("day", f"select timestamp '{date}' as midnight")
        tables = ["no_listens", *map(_table, self._dates)]
        self._session.table("hourly_listens", " union all ".join(f"from {table}" for table in tables))
        return bool(self._dates)


def _table(date: str) -> str:
    return f"hours_{date.replace('-', '_')}"
