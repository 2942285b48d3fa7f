"""Moments as their reader sees them: everybody types and reads the time of a meeting in their own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentorship.lib.refusals import NotPossible

MORNING = time(9)


def moment_of(on: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment when clocks in a zone show this; the first one where they show it twice.

    NotPossible if they never do, since they skip that hour.
    """
    wall = datetime.combine(on, clock.replace(tzinfo=None, fold=0))
    try:
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
        back = moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise NotPossible("Choose a day of this programme.") from None
    if back != wall:
        raise NotPossible(
            f"The clocks go forward that night, and it is never {wall:%H:%M}: choose an earlier or a later time."
        )
    return moment


def in_words(moment: datetime, zone: ZoneInfo) -> str:
    """E.g. “Thursday 15 January 2026, 17:00 (London)”."""
    local = moment.astimezone(zone)
    return f"{day_in_words(local.date())}, {local:%H:%M} ({zone_in_words(zone)})"


def day_in_words(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B %Y}"


def zone_in_words(zone: ZoneInfo) -> str:
    """A zone by its place: “America/Argentina/Buenos_Aires” is Buenos Aires."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def morning_before(moment: datetime, zone: ZoneInfo) -> datetime:
    """Nine o'clock of the day before, by the reader's own clock and calendar."""
    day = moment.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=zone).astimezone(UTC)
