"""Log meetings that were held. Facts only, never content (EI-6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from meetings import queries
from meetings.models import Attendance, ContactFrequency, Meeting
from meetings.services.frequency import agree_at_the_first_meeting
from meetings.services.members import lock, refuse_unless
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from partnerships.models import Membership, Partnership

FEWEST_MINUTES, MOST_MINUTES = 5, 480
LENGTH = f"Give a length between {FEWEST_MINUTES} and {MOST_MINUTES} minutes."


@transaction.atomic
def log_meeting(
    partnership: Partnership,
    *,
    by: User,
    held_on: date,
    minutes: int,
    format: Meeting.Format | str,
    is_official: bool,
    attendees: Collection[Membership] = (),
    frequency: ContactFrequency.Frequency | str | None = None,
    at: datetime,
) -> Meeting:
    """Log a meeting that was held, with its facts and nothing else (EI-1b, EI-6).

    In a pair both were there; in a circle `attendees` were. The first meeting of a pair needs the agreed
    `frequency` (EI-1c). The same facts for the same day again, from either side, give the meeting that is logged
    already; other facts for that day are refused. Waiting reminders to meet are withdrawn. A meeting of the last
    days can still be logged for a while after the end (`queries.takes_meetings`).
    """
    partnership, members = lock(partnership)
    refuse_unless(queries.takes_meetings(partnership, at=at), members, by=by)
    refuse_wrong_day(partnership, held_on, at=at)
    _refuse_wrong_facts(partnership, minutes=minutes, format=format, is_official=is_official)
    present = _present(partnership, members, attendees, held_on)
    facts = {"minutes": minutes, "format": format, "is_official": is_official}
    if logged := Meeting.objects.filter(partnership=partnership, held_on=held_on).first():
        return _same_or_refused(logged, facts, present, held_on)
    agree_at_the_first_meeting(partnership, frequency, by=by, at=at)
    meeting = Meeting.objects.create(
        partnership=partnership, held_on=held_on, logged_by=by, logged_at=at, **facts
    )
    Attendance.objects.bulk_create(Attendance(meeting=meeting, membership=member) for member in present)
    outbox.withdraw(f"no-meeting/{partnership.pk}/", at=at)
    return meeting


def refuse_wrong_day(partnership: Partnership, held_on: date, *, at: datetime) -> None:
    """A meeting lies between the introduction and today, and within the cohort (EI-2)."""
    introduced_on = timezone.localdate(partnership.introduced_at)
    last_day = queries.last_day_to_meet(partnership)
    if held_on > timezone.localdate(at):
        raise NotPossible("That day is still to come. Log the meeting once you have met.")
    if held_on < introduced_on:
        raise NotPossible(f"You were introduced on {_day(introduced_on)}: choose that day or a later one.")
    if held_on > last_day:
        raise NotPossible(
            f"The programme ended on {_day(last_day)}. You are free to go on meeting, and"
            " nobody counts it any more."
        )


def _refuse_wrong_facts(partnership: Partnership, *, minutes: int, format: str, is_official: bool) -> None:
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise NotPossible(LENGTH)
    if format not in Meeting.Format.values:
        raise NotPossible("Say whether you met by video call or in person.")
    if is_official and not partnership.cohort.programme.official_meetings:
        raise NotPossible("This programme doesn't count official meetings.")


def _present(
    partnership: Partnership, members: Sequence[Membership], attendees: Collection[Membership], held_on: date
) -> list[Membership]:
    """Who was there: both of a pair; in a circle those who were ticked, two at least (BM-7)."""
    if not partnership.is_circle:
        return list(members)
    ticked = {attendee.pk for attendee in attendees}
    present = [member for member in members if member.pk in ticked]
    if len(present) != len(ticked):
        raise NotPossible("Tick only people who are in the circle.")
    if len(present) < 2:
        raise NotPossible("Tick everybody who was there: it takes two at least to meet.")
    if any(member.joined_on > held_on for member in present):
        raise NotPossible("Somebody you ticked joined the circle after that day.")
    return present


def _same_or_refused(
    logged: Meeting, facts: dict[str, object], present: Sequence[Membership], held_on: date
) -> Meeting:
    """The meeting of that day if it was logged with the same facts, so that sending twice makes one."""
    same = all(getattr(logged, name) == value for name, value in facts.items())
    were_there = set(logged.attendances.values_list("membership", flat=True))
    if same and were_there == {member.pk for member in present}:
        return logged
    raise NotPossible(
        f"A meeting on {_day(held_on)} is logged already. One a day is enough: please choose another"
        " day, or leave it as it is."
    )


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
