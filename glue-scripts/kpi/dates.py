"""Which dates a listen reaches."""

from collections.abc import Iterable
from datetime import date, timedelta

from contracts.generated_data import generated_data

#: How many dates after its own a listen reaches, so a date is computed from itself and as many before.
REACH: int = generated_data("constants")["date_reach"]


def shifted(day: str, days: int) -> str:
    """Returns the date `days` later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def reached_dates(touched: Iterable[str]) -> list[str]:
    """Returns every date whose KPIs the rows of the touched dates are part of."""
    return sorted({shifted(day, days) for day in touched for days in range(REACH + 1)})


def dates_to_read(targets: Iterable[str]) -> list[str]:
    """Returns the targets and the dates that their 24-hour windows look back to."""
    return sorted({shifted(day, -days) for day in targets for days in range(REACH + 1)})
