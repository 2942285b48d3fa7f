"""What a meeting may be: its day or its moment, its length, how, and where. Each verb keeps these rules."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone

from meetings import queries
from meetings.models import Meeting
from mentorship.lib.refusals import NotPossible
from partnerships.models import Partnership

FEWEST_MINUTES, MOST_MINUTES = 5, 480
LENGTH = f"Give a length between {FEWEST_MINUTES} and {MOST_MINUTES} minutes."
LONGEST_PLACE = 200
_LINK = re.compile(r"\b([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


def refuse_wrong_day(partnership: Partnership, held_on: date, *, at: datetime) -> None:
    """A meeting lies between the introduction and today, and within the cohort (EI-2)."""
    introduced_on = timezone.localdate(partnership.introduced_at)
    last_day = queries.last_day_to_meet(partnership)
    if held_on > timezone.localdate(at):
        raise NotPossible("That day is still to come. Log the meeting once you have met.")
    if held_on < introduced_on:
        raise NotPossible(f"You were introduced on {day(introduced_on)}: choose that day or a later one.")
    if held_on > last_day:
        raise NotPossible(
            f"The programme ended on {day(last_day)}. You are free to go on meeting, and nobody counts it any more."
        )


def refuse_wrong_moment(partnership: Partnership, starts_at: datetime, *, at: datetime) -> None:
    """A plan lies ahead, and on a School's day of the cohort (EI-2)."""
    last_day = queries.last_day_to_meet(partnership)
    if starts_at <= at:
        raise NotPossible("That moment has passed already. Plan what is to come; log what was held.")
    if timezone.localdate(starts_at) > last_day:
        raise NotPossible(
            f"The programme ends on {day(last_day)}. You are free to meet afterwards, and nobody plans it here."
        )


def refuse_wrong_shape(partnership: Partnership, *, minutes: int, format: str) -> None:
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise NotPossible(LENGTH)
    if format not in Meeting.Format.values:
        raise NotPossible("Choose video call or in person.")


def refuse_uncounted(partnership: Partnership, *, is_official: bool) -> None:
    if is_official and not partnership.cohort.programme.official_meetings:
        raise NotPossible("This programme doesn't count official meetings.")


def place_of(text: str) -> str:
    """A place or a link on one line; NotPossible for a link that isn't https."""
    place = " ".join(text.split())
    if any(scheme.lower() != "https" for scheme in _LINK.findall(place)):
        raise NotPossible("A link must begin with https://.")
    if len(place) > LONGEST_PLACE:
        raise NotPossible(f"Keep the place to {LONGEST_PLACE} characters.")
    return place


def moment_of_plan(meeting: Meeting) -> datetime:
    """When a meeting that was planned begins."""
    if meeting.starts_at is None:
        raise ValueError("This meeting was never planned.")
    return meeting.starts_at


def day_of(meeting: Meeting) -> date:
    """The School's day of a meeting: when it was held, or was to be."""
    return meeting.held_on or timezone.localdate(moment_of_plan(meeting))


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
