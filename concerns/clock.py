"""Working days: until when a concern is answered, and when handlers are reminded.

A working day is a weekday that isn't a bank holiday of England, by the package `holidays`: those that a government
grants once come with its next version.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays
from django.utils import timezone

OPENS, CLOSES, EVENING = time(9), time(17), time(18)
LATEST_FOR_TODAY = time(15)


def answer_due(at: datetime, working_days: int, *, is_urgent: bool = False) -> datetime:
    """The close of the day when an answer is due: so many working days, at least one, after that of `at`.

    Where somebody is at risk it is due the same day, if that is a working day and two hours of it are left, and else
    on the next one.
    """
    local = timezone.localtime(at)
    if is_urgent and is_working_day(local.date()) and local.time() < LATEST_FOR_TODAY:
        return _close_of(local.date())
    day, left = local.date(), 1 if is_urgent else max(working_days, 1)
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return _close_of(day)


def _close_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, CLOSES))


def is_office_hour(at: datetime) -> bool:
    """From nine to six on a working day: when a reminder may leave, an hour after the close included."""
    local = timezone.localtime(at)
    return is_working_day(local.date()) and OPENS <= local.time() < EVENING


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays()


@cache
def _bank_holidays() -> holidays.HolidayBase:
    """England's, each year reckoned when it is first asked for."""
    return holidays.country_holidays("GB", subdiv="ENG")
