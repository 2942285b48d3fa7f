"""What happened in a partnership, as its office may know it: facts only (EI-6).

Nothing here reads where or by which link people meet, why somebody asked for something, or any concern.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from accounts.models import User
from applications.models import Absence
from meetings.models import Attendance, ContactFrequency, Meeting, NudgeLine
from meetings.models import State as MeetingState
from overview.queries.standing import own_partnerships
from partnerships.models import Flag, Membership, Partnership


@dataclass(frozen=True)
class Moment:
    """One fact: when, what, and who did it or whom it is about; nobody where the clock or the office acted."""

    at: datetime
    what: str
    who: str = ""


def timeline(partnership: Partnership, *, viewer: User, on: date) -> list[Moment]:
    """Everything that happened, newest first, in a fixed number of queries; nothing of one's own partnership.

    Whoever administers and takes part reads their partnership's own page and no other.
    """
    if own_partnerships(viewer).filter(partnership=partnership).exists():
        return []
    members = list(
        Membership.objects.filter(partnership=partnership).select_related("application__user").order_by("pk")
    )
    moments = [
        *_of_partnership(partnership, members),
        *_of_meetings(partnership),
        *_of_confirmations(partnership),
        *_of_frequency(partnership),
        *_of_absences(partnership, members),
        *_of_reminders(partnership, on),
        *_of_flags(partnership, viewer),
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _of_partnership(partnership: Partnership, members: list[Membership]) -> Iterator[Moment]:
    introduced_on = timezone.localdate(partnership.introduced_at)
    first = [member for member in members if member.joined_on <= introduced_on]
    yield Moment(
        partnership.introduced_at, "Introduced", ", ".join(member.application.user.name for member in first)
    )
    for member in members:
        name, part = member.application.user.name, member.get_part_display().lower()
        if member.joined_on > introduced_on:
            yield Moment(_start(member.joined_on), f"Joined as {part}", name)
        if member.left_on and not member.stayed_to_the_end:
            yield Moment(_start(member.left_on), "Left", name)
    if partnership.paused_at:
        yield Moment(partnership.paused_at, "Paused")
    if partnership.resumed_at:
        yield Moment(partnership.resumed_at, "Went on after a pause")
    if partnership.ended_at:
        yield Moment(partnership.ended_at, f"Ended: {partnership.get_end_reason_display()}")


def _of_meetings(partnership: Partnership) -> Iterator[Moment]:
    rows = (
        Meeting.objects.filter(partnership=partnership)
        .select_related("planned_by", "logged_by")
        .defer("place")
    )
    for meeting in rows:
        if meeting.starts_at and meeting.planned_at:
            yield _of_plan(meeting, meeting.starts_at, meeting.planned_at)
        if meeting.held_on and meeting.logged_at:
            who = f"noted by {meeting.logged_by.name}" if meeting.logged_by else ""
            yield Moment(meeting.logged_at, _held(meeting, meeting.held_on), who)


def _of_plan(meeting: Meeting, starts_at: datetime, changed_at: datetime) -> Moment:
    """A plan as it stands since it changed last. One that the clock or a pause has closed keeps who planned it: so
    nobody is named then."""
    when = f"{_day(timezone.localdate(starts_at))}, {timezone.localtime(starts_at):%H:%M}"
    if meeting.state == MeetingState.CANCELLED:
        return Moment(changed_at, f"Cancelled: the meeting planned for {when}")
    if meeting.state == MeetingState.MISSED:
        return Moment(changed_at, f"Didn’t take place: the meeting planned for {when}")
    is_moved = meeting.sequence and meeting.state == MeetingState.PLANNED
    return Moment(
        changed_at, f"Meeting {'moved to' if is_moved else 'planned for'} {when}", _name(meeting.planned_by)
    )


def _held(meeting: Meeting, held_on: date) -> str:
    official = "Official meeting" if meeting.is_official else "Meeting"
    return f"{official} held on {_day(held_on)}: {meeting.minutes} minutes, {meeting.get_format_display().lower()}"


def _of_confirmations(partnership: Partnership) -> Iterator[Moment]:
    rows = Attendance.objects.filter(meeting__partnership=partnership, meeting__state=MeetingState.HELD)
    confirmed = rows.exclude(confirmed_at=None).select_related("meeting", "membership__application__user")
    for row in confirmed.defer("meeting__place"):
        if row.confirmed_at and row.meeting.held_on:
            what = f"Confirmed: the meeting on {_day(row.meeting.held_on)}"
            yield Moment(row.confirmed_at, what, row.membership.application.user.name)


def _of_frequency(partnership: Partnership) -> Iterator[Moment]:
    for agreed in ContactFrequency.objects.filter(partnership=partnership).select_related("agreed_by"):
        what = f"Contact between meetings agreed: {agreed.get_frequency_display()}"
        yield Moment(agreed.agreed_at, what, _name(agreed.agreed_by))


def _of_absences(partnership: Partnership, members: list[Membership]) -> Iterator[Moment]:
    """Of each member those that touch their time in the partnership; no reason was ever asked (EI-1d)."""
    during = {member.application_id: member for member in members}
    for absence in Absence.objects.filter(application__in=during):
        member = during[absence.application_id]
        if absence.last_on < max(absence.from_on, member.joined_on) or (
            member.left_on and absence.from_on > member.left_on
        ):
            continue
        days = f"{_day(absence.from_on)} to {_day(absence.last_on)}"
        yield Moment(absence.announced_at, f"Announced an absence: {days}", member.application.user.name)


_REMINDERS = {0: "Reminded by the office", 1: "First reminder", 2: "Second reminder"}


def _of_reminders(partnership: Partnership, today: date) -> Iterator[Moment]:
    rows = NudgeLine.objects.filter(membership__partnership=partnership)
    for line in rows.select_related("nudge", "membership__application__user"):
        on = min(line.nudge.on, today)  # one that waits for its week stands where it was asked for
        yield Moment(_start(on), _REMINDERS[line.step], line.membership.application.user.name)


def _of_flags(partnership: Partnership, viewer: User) -> Iterator[Moment]:
    rows = Flag.objects.visible_to(viewer).filter(partnership=partnership)
    for flag in rows.select_related("membership__application__user", "settled_by"):
        kind = flag.get_kind_display()
        yield Moment(
            flag.raised_at, f"Flag: {kind}", flag.membership.application.user.name if flag.membership else ""
        )
        if flag.settled_at:
            yield Moment(flag.settled_at, f"Settled: {kind}", _name(flag.settled_by))


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _name(user: User | None) -> str:
    return user.name if user else ""
