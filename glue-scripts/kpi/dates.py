"""Which dates a listen reaches."""

from collections.abc import Iterable
from datetime import date, timedelta

#: A listen on D reaches trending_24h of D, D+1 and D+2, so a date is computed from itself and the two before.
REACH = 2


def shifted(day: str, days: int) -> str:
    """Returns the date `days` later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def reached_dates(touched: Iterable[str]) -> list[str]:
    """Returns every date whose KPIs the rows of the touched dates are part of."""
    return sorted({shifted(day, days) for day in touched for days in range(REACH + 1)})


def dates_to_read(targets: Iterable[str]) -> list[str]:
    """Returns the targets and the dates that their 24-hour windows look back to."""
    return sorted({shifted(day, -days) for day in targets for days in range(REACH + 1)})
