"""Days and months as people count them; every day is the School's (`TIME_ZONE`)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

Days = tuple[date, date]  # the first and the last day, both included


def last_day_of_a_month_from(first: date) -> date:
    """The last day of one calendar month that begins on `first`: 10 January to 9 February, 1 to 28 February.

    Where the next month has no such day, it is that month's last: 31 January to 28 February.
    """
    year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return (
        date(year, month, min(first.day - 1, monthrange(year, month)[1]))
        if first.day > 1
        else (date(first.year, first.month, monthrange(first.year, first.month)[1]))
    )


def is_longer_than_a_month(first: date, last: date) -> bool:
    """Whether the days from `first` to `last`, both included, are more than one calendar month (EI-1d)."""
    return last > last_day_of_a_month_from(first)


def joined(periods: Iterable[Days]) -> list[Days]:
    """Periods in order, with those that overlap or follow one another without a gap made one; empty ones left out."""
    whole: list[Days] = []
    for first, last in sorted(period for period in periods if period[0] <= period[1]):
        if whole and first <= whole[-1][1] + timedelta(days=1):
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return whole


def common(several: Sequence[Iterable[Days]]) -> list[Days]:
    """The days that lie in each of several lists of periods; none if there is no list."""
    if not several:
        return []
    whole = joined(several[0])
    for periods in several[1:]:
        others = joined(periods)
        whole = joined((max(a, c), min(b, d)) for a, b in whole for c, d in others)
    return whole


def months_later(day: date, months: int) -> date:
    """The day that many calendar months later; where that month has no such day, its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_over(on: date, months: int) -> date:
    """The latest day from which that many calendar months have passed on `on`: `months_later` read backwards."""
    day = months_later(on, -months)
    is_last = on.day == monthrange(on.year, on.month)[1]
    return day.replace(day=monthrange(day.year, day.month)[1]) if is_last else day
