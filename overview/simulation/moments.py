"""Days, moments, and who is together or away: what both readings of a promise begin with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from overview.simulation.history import History, Member, Partnership

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


def day_of(moment: datetime, zone: ZoneInfo = LONDON) -> date:
    return moment.astimezone(zone).date()


def has_come(moment: datetime | None, at: datetime) -> bool:
    # Two moments of one zone compare by its wall clock, which goes back in October: in UTC they don't.
    return moment is not None and moment.astimezone(UTC) <= at.astimezone(UTC)


def each_day(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last, both included."""
    while first <= last:
        yield first
        first += DAY


def later(start: date, count: int, without: set[date]) -> date:
    """The day on which `count` days have passed after `start`, days in `without` not counted."""
    while count > 0:
        start += DAY
        if start not in without:
            count -= 1
    return start


def is_longer_than_a_month(first: date, last: date) -> bool:
    """EI-1d: 10 January to 9 February is a month, and so is 31 January to 28 February."""
    day = first + DAY
    while day.day != first.day and _months_between(first, day) < 2:
        day += DAY
    return last >= day


def _months_between(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


# Who is together, and away


def is_current(member: Member, at: datetime) -> bool:
    return has_come(member.joined_at, at) and not has_come(member.left_at, at)


def is_open(partnership: Partnership, at: datetime) -> bool:
    """Introduced and not ended; it may be paused."""
    return has_come(partnership.introduced_at, at) and not has_come(partnership.ended_at, at)


def is_paused(partnership: Partnership, at: datetime) -> bool:
    return any(has_come(since, at) and not has_come(until, at) for since, until in partnership.pauses)


def away_days(history: History, person: str, at: datetime) -> set[date]:
    """EI-1d: the days of the absences announced by then; the day somebody came back is none of them."""
    days: set[date] = set()
    for away in history.absences:
        if away.person != person or not has_come(away.announced_at, at):
            continue
        for day in each_day(*away.days):
            if away.back_at and has_come(away.back_at, at) and day >= day_of(away.back_at):
                break
            days.add(day)
    return days
