"""Working days: until when a concern is answered, and when handlers are reminded.

A working day is a weekday that isn't a bank holiday of England. Bank holidays are computed by their rules
(fixed days with their substitutes, Easter, the Mondays of May and August); one that a government grants once
isn't known here and counts as a working day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone

OPENS, CLOSES, EVENING = time(9), time(17), time(18)


def answer_due(at: datetime, working_days: int) -> datetime:
    """The close of the day when an answer is due: so many working days, at least one, after that of `at`."""
    day, left = timezone.localdate(at), max(working_days, 1)
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return timezone.make_aware(datetime.combine(day, CLOSES))


def is_office_hour(at: datetime) -> bool:
    """From nine to six on a working day: when a reminder may leave, an hour after the close included."""
    local = timezone.localtime(at)
    return is_working_day(local.date()) and OPENS <= local.time() < EVENING


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


@lru_cache(maxsize=16)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, as they are kept: substitutes in place of weekend days."""
    easter = _easter(year)
    days = {easter - timedelta(days=2), easter + timedelta(days=1)}
    days |= {_monday_from(date(year, 5, 1)), _monday_from(date(year, 5, 25)), _monday_from(date(year, 8, 25))}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while fixed.weekday() >= 5 or fixed in days:
            fixed += timedelta(days=1)
        days.add(fixed)
    return frozenset(days)


def _monday_from(day: date) -> date:
    """The first Monday on or after a day: from the 25th of a month of 31 days that is its last."""
    return day + timedelta(days=-day.weekday() % 7)


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Butcher's rule)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)
