"""Log meetings that were held, confirm and correct what is noted. Facts only, never content (EI-6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from meetings import queries
from meetings.models import Attendance, ContactFrequency, Meeting, State
from meetings.services.facts import day, refuse_uncounted, refuse_wrong_day, refuse_wrong_shape
from meetings.services.frequency import agree_at_the_first_meeting
from meetings.services.letters import rest_nudges, rest_of_plan
from meetings.services.members import lock, own, refuse_unless
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership, Partnership
from programmes.permissions import can_administer


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

    In a pair both were there; in a circle `attendees` were (BM-7). Who logs confirms being there; the office may log
    for people, and confirms nobody. The first meeting of a pair needs the agreed `frequency`, which the office can't
    know (EI-1c). What was planned for that day becomes the meeting. The same facts for the same day again, from
    either side, are a confirmation; other facts are refused. A meeting of the last days can still be logged for a
    while after the end (`queries.takes_meetings`).
    """
    partnership, members = lock(partnership)
    is_open, is_office = queries.takes_meetings(partnership, at=at), _is_office(by, partnership, members)
    refuse_unless(is_open, members, by=by, is_paused=partnership.is_paused, or_office=is_office)
    facts: dict[str, Any] = {"minutes": minutes, "format": format, "is_official": is_official}
    refuse_wrong_facts(partnership, held_on=held_on, at=at, **facts)
    present = present_of(partnership, members, attendees, held_on)
    if logged := held_then(partnership, held_on):
        if not _is_same(logged, facts, present):
            raise NotPossible(LOGGED_ALREADY.format(day=day(held_on)))
        _confirm_own(logged, members, by=by, at=at)
        return logged
    if frequency or not is_office:
        agree_at_the_first_meeting(partnership, frequency, by=by, at=at)
    meeting = _hold(partnership, held_on, facts, by=by, at=at)
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting, membership=member, confirmed_at=at if member == own(members, by) else None
        )
        for member in present
    )
    rest_nudges(members, at=at)
    return meeting


def refuse_wrong_facts(
    partnership: Partnership, *, held_on: date, minutes: int, format: str, is_official: bool, at: datetime
) -> None:
    refuse_wrong_day(partnership, held_on, at=at)
    refuse_wrong_shape(partnership, minutes=minutes, format=format)
    refuse_uncounted(partnership, is_official=is_official)


def present_of(
    partnership: Partnership,
    members: Sequence[Membership],
    attendees: Collection[Membership],
    held_on: date,
    *,
    besides: int = 0,
) -> list[Membership]:
    """Who was there: both of a pair; in a circle those who were ticked, two at least (BM-7).

    `besides` is how many were there who have left since.
    """
    if not partnership.is_circle:
        return list(members)
    ticked = {attendee.pk for attendee in attendees}
    present = [member for member in members if member.pk in ticked]
    if len(present) != len(ticked):
        raise NotPossible("Tick only people who are in the circle.")
    if len(present) + besides < 2:
        raise NotPossible("Tick everybody who was there: it takes two at least to meet.")
    if any(member.joined_on > held_on for member in present):
        raise NotPossible("Somebody you ticked joined the circle after that day.")
    return present


def held_then(partnership: Partnership, held_on: date) -> Meeting | None:
    return Meeting.objects.filter(partnership=partnership, held_on=held_on).first()


def planned_for(partnership: Partnership, on: date) -> Meeting | None:
    """What was planned for a School's day, be it still open or noted as not held; the open one first."""
    first = timezone.make_aware(datetime.combine(on, time.min))
    last = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    of_the_day = Meeting.objects.filter(partnership=partnership, starts_at__gte=first, starts_at__lt=last)
    rows = of_the_day.filter(state__in=[State.PLANNED, State.MISSED])
    return min(rows, key=lambda row: (row.state != State.PLANNED, row.starts_at, row.pk), default=None)


def _is_office(by: User, partnership: Partnership, members: Sequence[Membership]) -> bool:
    """Who administers the programme, and neither is nor was in the partnership themselves."""
    was_inside = partnership.memberships.filter(application__user=by).exists()
    return not was_inside and can_administer(by, partnership.cohort.programme)


def _hold(
    partnership: Partnership, held_on: date, facts: dict[str, Any], *, by: User, at: datetime
) -> Meeting:
    """The meeting of a day: the planned one, or a new one."""
    meeting = planned_for(partnership, held_on) or Meeting(partnership=partnership)
    if meeting.pk:
        meeting.move_to(State.HELD)
        rest_of_plan(meeting, partnership, at=at)
    for name, value in {**facts, "held_on": held_on, "logged_by": by, "logged_at": at, "place": ""}.items():
        setattr(meeting, name, value)
    meeting.save()
    return meeting


def _is_same(logged: Meeting, facts: dict[str, Any], present: Sequence[Membership]) -> bool:
    """Whether a meeting was logged with these facts, so that sending twice makes one."""
    were_there = set(logged.attendances.values_list("membership", flat=True))
    return all(getattr(logged, name) == value for name, value in facts.items()) and (
        were_there == {member.pk for member in present}
    )


def _confirm_own(meeting: Meeting, members: Sequence[Membership], *, by: User, at: datetime) -> None:
    meeting.attendances.filter(membership=own(members, by), confirmed_at=None).update(confirmed_at=at)


LOGGED_ALREADY = (
    "A meeting on {day} is logged already. One a day is enough: please choose another day, or correct that one on"
    " your page."
)
