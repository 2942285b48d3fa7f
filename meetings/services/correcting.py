"""What is noted of a meeting is everybody's who was there: confirm it, correct it, strike it (EI-1b, BM-7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from meetings import queries
from meetings.models import Attendance, Meeting, State
from meetings.services.facts import day, day_of
from meetings.services.letters import context_of, how_of, who_did
from meetings.services.logging import LOGGED_ALREADY, held_then, present_of, refuse_wrong_facts
from meetings.services.members import lock_meeting, own, refuse_unless
from mentorship.lib.moments import day_in_words
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from partnerships.models import Membership, Partnership


@transaction.atomic
def confirm(meeting: Meeting, *, by: User, at: datetime) -> Meeting:
    """Say that what is noted is right and that one was there; twice is once (BM-7)."""
    meeting, _, members = _open(meeting, by=by, at=at)
    mine = Attendance.objects.filter(meeting=meeting, membership=own(members, by)).first()
    if mine is None:
        raise NotPossible("You aren’t noted as having been there. If you were, correct it.")
    if mine.confirmed_at is None:
        mine.confirmed_at = at
        mine.save(update_fields=["confirmed_at"])
    return meeting


@transaction.atomic
def correct(
    meeting: Meeting,
    *,
    by: User,
    held_on: date,
    minutes: int,
    format: Meeting.Format | str,
    is_official: bool,
    attendees: Collection[Membership] = (),
    at: datetime,
) -> Meeting:
    """Set the facts right; anybody in the partnership may, and everybody else who was there is told once.

    Then only the corrector has confirmed it. Attendance of who has left a circle since stays as it was.
    """
    meeting, partnership, members = _open(meeting, by=by, at=at)
    facts: dict[str, Any] = {"minutes": minutes, "format": format, "is_official": is_official}
    refuse_wrong_facts(partnership, held_on=held_on, at=at, **facts)
    other = held_then(partnership, held_on)
    if other is not None and other.pk != meeting.pk:
        raise NotPossible(LOGGED_ALREADY.format(day=day(held_on)))
    before = list(meeting.attendances.exclude(membership__in=members).values_list("membership", flat=True))
    present = present_of(partnership, members, attendees, held_on, besides=len(before))
    were_there = [row for row in members if meeting.attendances.filter(membership=row).exists()]
    facts["held_on"] = held_on
    if present == were_there and all(getattr(meeting, name) == value for name, value in facts.items()):
        meeting.attendances.filter(membership=own(members, by), confirmed_at=None).update(confirmed_at=at)
        return meeting
    _write(meeting, facts, members, present, by=by, at=at)
    _tell(meeting, partnership, [*were_there, *present], "corrected", by=by, at=at)
    return meeting


@transaction.atomic
def strike(meeting: Meeting, *, by: User, at: datetime) -> None:
    """Say that a meeting that is noted as held didn't take place; the others who were noted are told.

    One that was planned is noted as not held, another isn't noted any more.
    """
    meeting, partnership, members = _open(meeting, by=by, at=at)
    noted = [row for row in members if meeting.attendances.filter(membership=row).exists()]
    _tell(meeting, partnership, noted, "struck", by=by, at=at)
    if meeting.starts_at is None:
        meeting.delete()
        return
    meeting.attendances.all().delete()
    meeting.move_to(State.MISSED)
    meeting.held_on = meeting.logged_at = meeting.logged_by = None
    meeting.save(update_fields=["state", "held_on", "logged_at", "logged_by"])


def _open(meeting: Meeting, *, by: User, at: datetime) -> tuple[Meeting, Partnership, list[Membership]]:
    """A held meeting under its lock, as long as meetings are taken, for somebody in the partnership."""
    meeting, partnership, members = lock_meeting(meeting)
    is_open = queries.takes_meetings(partnership, at=at)
    refuse_unless(is_open, members, by=by, is_paused=partnership.is_paused)
    if meeting.state != State.HELD:
        raise NotPossible("This meeting isn’t noted as held.")
    return meeting, partnership, members


def _write(
    meeting: Meeting,
    facts: dict[str, Any],
    members: Sequence[Membership],
    present: Sequence[Membership],
    *,
    by: User,
    at: datetime,
) -> None:
    for name, value in {**facts, "logged_by": by, "logged_at": at}.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=[*facts, "logged_by", "logged_at"])
    meeting.attendances.filter(membership__in=members).delete()
    meeting.attendances.update(confirmed_at=None)
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, membership=row, confirmed_at=at if row == own(members, by) else None)
        for row in present
    )


def _tell(
    meeting: Meeting,
    partnership: Partnership,
    members: Sequence[Membership],
    template: str,
    *,
    by: User,
    at: datetime,
) -> None:
    """One message to each of them but for who did it; its facts are in it, and there are no others (EI-6)."""
    for member in dict.fromkeys(row for row in members if row.application.user_id != by.pk):
        user = member.application.user
        outbox.post(
            f"meetings/email/{template}",
            to=user.email,
            key=f"{template}/{meeting.pk}/{at.isoformat()}/{member.pk}",
            programme=partnership.cohort.programme.slug,
            context={
                **context_of(partnership, member),
                "who": who_did(by, partnership, reader=user),
                "day": day_in_words(day_of(meeting)),
                "how": how_of(meeting),
                "is_official": meeting.is_official,
                "correct_url": settings.SITE_URL + reverse("correct_meeting", args=[meeting.pk]),
            },
            at=at,
        )
