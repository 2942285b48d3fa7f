"""Plan meetings, change and cancel plans; everybody in the partnership has them in their calendar (BM-6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from meetings.models import Meeting, State
from meetings.queries import takes_meetings
from meetings.services.facts import place_of, refuse_wrong_moment, refuse_wrong_shape
from meetings.services.letters import rest_nudges, tell_of_plan
from meetings.services.members import lock, lock_meeting, refuse_unless
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership, Partnership

MOST_PLANS_A_DAY = 10


@transaction.atomic
def plan(
    partnership: Partnership,
    *,
    by: User,
    starts_at: datetime,
    minutes: int,
    format: Meeting.Format | str,
    place: str = "",
    at: datetime,
) -> Meeting:
    """Plan a meeting and send everybody its calendar entry; the same plan again is the one that is there (BM-6)."""
    partnership, members = lock(partnership)
    refuse_unless(partnership.is_active, members, by=by, is_paused=partnership.is_paused)
    refuse_wrong_moment(partnership, starts_at, at=at)
    refuse_wrong_shape(partnership, minutes=minutes, format=format)
    facts: dict[str, Any] = {"minutes": minutes, "format": format, "place": place_of(place)}
    if planned := _planned_then(partnership, starts_at):
        if _differs(planned, facts):
            raise NotPossible("A meeting at that moment is planned already: change that one.")
        return planned
    _refuse_too_many(partnership, at=at)
    meeting = Meeting.objects.create(
        partnership=partnership,
        state=State.PLANNED,
        starts_at=starts_at,
        planned_by=by,
        planned_at=at,
        **facts,
    )
    rest_nudges(members, at=at)
    tell_of_plan(meeting, partnership, members, template="planned", method="REQUEST", by=by, at=at)
    return meeting


def _refuse_too_many(partnership: Partnership, *, at: datetime) -> None:
    """Every plan is a letter to somebody: more than a few a day are a mistake, or meant to annoy."""
    lately = partnership.meetings.filter(planned_at__gt=at - timedelta(days=1))
    if lately.count() >= MOST_PLANS_A_DAY:
        raise NotPossible("That is a lot of plans for one day. Please go on tomorrow.")


@transaction.atomic
def change_plan(
    meeting: Meeting,
    *,
    by: User,
    starts_at: datetime,
    minutes: int,
    format: Meeting.Format | str,
    place: str,
    at: datetime,
) -> Meeting:
    """Change when, how or where; everybody has it at once, and nobody is told of a change that is none."""
    meeting, partnership, members = lock_meeting(meeting)
    refuse_unless(partnership.is_active, members, by=by, is_paused=partnership.is_paused)
    _refuse_unplanned(meeting)
    facts: dict[str, Any] = {
        "starts_at": starts_at,
        "minutes": minutes,
        "format": format,
        "place": place_of(place),
    }
    if not _differs(meeting, facts):
        return meeting
    refuse_wrong_moment(partnership, starts_at, at=at)
    refuse_wrong_shape(partnership, minutes=minutes, format=format)
    other = _planned_then(partnership, starts_at)
    if other is not None and other.pk != meeting.pk:
        raise NotPossible("Another meeting is planned for that moment already.")
    for name, value in facts.items():
        setattr(meeting, name, value)
    _count_change(meeting, by=by, at=at)
    tell_of_plan(meeting, partnership, members, template="plan_changed", method="REQUEST", by=by, at=at)
    return meeting


@transaction.atomic
def cancel_plan(meeting: Meeting, *, by: User, at: datetime) -> Meeting:
    """Take a plan back before its time; cancelling twice is once."""
    meeting, partnership, members = lock_meeting(meeting)
    refuse_unless(partnership.is_active, members, by=by, is_paused=partnership.is_paused)
    if meeting.state == State.CANCELLED:
        return meeting
    _refuse_unplanned(meeting)
    if meeting.starts_at is not None and meeting.starts_at <= at:
        raise NotPossible("Its time has passed: say whether it took place.")
    _close(meeting, State.CANCELLED, by=by, at=at)
    tell_of_plan(meeting, partnership, members, template="plan_cancelled", method="CANCEL", by=by, at=at)
    return meeting


@transaction.atomic
def mark_missed(meeting: Meeting, *, by: User, at: datetime) -> Meeting:
    """Say that a planned meeting didn't take place, once its time has passed; saying it twice is once.

    After the end nobody hears of it (EI-2).
    """
    meeting, partnership, members = lock_meeting(meeting)
    refuse_unless(takes_meetings(partnership, at=at), members, by=by, is_paused=partnership.is_paused)
    if meeting.state == State.MISSED:
        return meeting
    _refuse_unplanned(meeting)
    if meeting.starts_at is not None and meeting.starts_at > at:
        raise NotPossible("Its time is still to come: change or cancel it.")
    _close(meeting, State.MISSED, by=by, at=at)
    told = members if partnership.is_active else []
    tell_of_plan(meeting, partnership, told, template="plan_missed", method="CANCEL", by=by, at=at)
    return meeting


def close_plan(
    meeting: Meeting, partnership: Partnership, members: list[Membership], *, is_silent: bool, at: datetime
) -> None:
    """Cancel a plan of a partnership that is paused or has ended; the caller holds the lock."""
    _close(meeting, State.CANCELLED, by=None, at=at)
    told = [] if is_silent else members
    tell_of_plan(meeting, partnership, told, template="plan_settled", method="CANCEL", by=None, at=at)


def close_unsaid(meeting: Meeting, *, at: datetime) -> None:
    """Note that nobody said in time that a meeting was held; nobody hears of it."""
    _close(meeting, State.MISSED, by=None, at=at)


def _planned_then(partnership: Partnership, starts_at: datetime) -> Meeting | None:
    return Meeting.objects.planned().filter(partnership=partnership, starts_at=starts_at).first()


def _differs(meeting: Meeting, facts: dict[str, Any]) -> bool:
    return any(getattr(meeting, name) != value for name, value in facts.items())


def _refuse_unplanned(meeting: Meeting) -> None:
    if meeting.state != State.PLANNED:
        raise NotPossible(f"This meeting is “{meeting.get_state_display().lower()}” already.")


def _close(meeting: Meeting, state: State, *, by: User | None, at: datetime) -> None:
    """Leave the state of being planned; where it was to be is forgotten (EI-6)."""
    meeting.move_to(state)
    meeting.place = ""
    _count_change(meeting, by=by or meeting.planned_by, at=at)


def _count_change(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    meeting.sequence, meeting.planned_by, meeting.planned_at = meeting.sequence + 1, by, at
    meeting.save(
        update_fields=[
            "state",
            "starts_at",
            "minutes",
            "format",
            "place",
            "sequence",
            "planned_by",
            "planned_at",
        ]
    )
