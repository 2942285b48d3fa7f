"""The day before a planned meeting: a word to everybody who comes, which asks them to prepare (BM-6)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from applications.models import Absence
from meetings.models import Meeting, State
from meetings.services.facts import day_of, moment_of_plan
from meetings.services.letters import context_of, how_of
from meetings.services.members import lock_meeting
from mentorship.lib.moments import in_words, morning_before
from outbox import services as outbox
from outbox.models import Message
from partnerships.disclosure import cards_for
from partnerships.models import Disclosure, Membership, Partnership
from partnerships.models import State as PartnershipState
from programmes.models import Wording
from programmes.wording import USUAL, fill

log = logging.getLogger(__name__)

# From nine in the morning to the end of the next day is 39 hours, and two more in a night in which clocks go back.
LONGEST_AHEAD = timedelta(hours=41)
KIND = Wording.Kind.DAY_BEFORE


def remind_of_plans(*, at: datetime) -> int:
    """Remind everybody of a planned meeting from nine the morning before, by their own clock; how many were written.

    Not who has just been told of the plan itself, nor who is away, nor anybody in a pause (EI-1d, BM-6).
    """
    written = 0
    for meeting in _with_somebody_to_remind(at=at):
        try:
            written += _remind(meeting, at=at)
        except Exception:  # one that fails holds back no other; it is tried again with the next sweep
            log.exception("Meeting %s could not be reminded of.", meeting.pk)
    return written


def plans_ahead(*, at: datetime) -> QuerySet[Meeting]:
    """Plans of active partnerships that begin soon enough to be reminded of."""
    return Meeting.objects.planned().filter(
        partnership__state=PartnershipState.ACTIVE, starts_at__gt=at, starts_at__lte=at + LONGEST_AHEAD
    )


def _with_somebody_to_remind(*, at: datetime) -> list[Meeting]:
    """Plans of which somebody is to be reminded now; the number of queries doesn't grow with them."""
    meetings = list(plans_ahead(at=at).select_related("partnership").order_by("starts_at", "pk"))
    rows = Membership.objects.current().filter(
        partnership__in={meeting.partnership_id for meeting in meetings}
    )
    members: dict[int, list[Membership]] = {}
    for row in rows.select_related("application__user"):
        members.setdefault(row.partnership_id, []).append(row)
    due = {
        meeting: due_members(meeting, members.get(meeting.partnership_id, []), at=at) for meeting in meetings
    }
    keys = {key_of(meeting, row) for meeting, some in due.items() for row in some}
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return [meeting for meeting, some in due.items() if {key_of(meeting, row) for row in some} - known]


@transaction.atomic
def _remind(meeting: Meeting, *, at: datetime) -> int:
    """Write to everybody who is due, asked again under the lock: the plan may just have changed."""
    meeting, partnership, members = lock_meeting(meeting)
    if meeting.state != State.PLANNED or not partnership.is_active:
        return 0
    due = _without_known(meeting, _here(meeting, due_members(meeting, members, at=at), at=at))
    text = Wording.objects.filter(programme=partnership.cohort.programme, kind=KIND).first()
    for member in due:
        _post(meeting, partnership, member, text.text if text else USUAL[KIND], at=at)
    return len(due)


def due_members(meeting: Meeting, members: Sequence[Membership], *, at: datetime) -> list[Membership]:
    """For whom the morning before has come, unless the plan is younger than that."""
    if meeting.starts_at is None or meeting.planned_at is None or meeting.starts_at <= at:
        return []
    mornings: Mapping[int, datetime] = {
        row.pk: morning_before(meeting.starts_at, row.application.user.zone) for row in members
    }
    return [row for row in members if meeting.planned_at <= mornings[row.pk] <= at]


def _here(meeting: Meeting, members: Sequence[Membership], *, at: datetime) -> list[Membership]:
    """Those who are away neither today nor on the day of the meeting (EI-1d)."""
    of_them = Absence.objects.filter(application__in=[row.application_id for row in members])
    today, day = timezone.localdate(at), day_of(meeting)
    away = set((of_them.on(today) | of_them.on(day)).values_list("application", flat=True))
    return [row for row in members if row.application_id not in away]


def _without_known(meeting: Meeting, members: Sequence[Membership]) -> list[Membership]:
    keys = {key_of(meeting, row): row for row in members}
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return [row for key, row in keys.items() if key not in known]


def key_of(meeting: Meeting, member: Membership) -> str:
    return f"day-before/{meeting.partnership_id}/{meeting.pk}/{meeting.sequence}/{member.pk}"


def _post(meeting: Meeting, partnership: Partnership, member: Membership, text: str, *, at: datetime) -> None:
    user, programme = member.application.user, partnership.cohort.programme
    when = in_words(moment_of_plan(meeting), user.zone)
    words = {
        "name": user.name,
        "partner": _partner(partnership, member, at=at),
        "when": when,
        "programme": programme.name,
        "team": programme.team_name,
    }
    outbox.post(
        "meetings/email/day_before",
        to=user.email,
        key=key_of(meeting, member),
        programme=programme.slug,
        context={
            **context_of(partnership, member),
            "text": fill(text, words),
            "when": when,
            "how": how_of(meeting),
            "place": meeting.place,
            "change_url": settings.SITE_URL + reverse("change_plan", args=[meeting.pk]),
        },
        at=at,
    )


def _partner(partnership: Partnership, member: Membership, *, at: datetime) -> str:
    """The circle's name, or the partner's as far as the policy shows it (EI-4a, EI-5a)."""
    if partnership.is_circle:
        return partnership.name
    viewer = member.application.user
    shown = cards_for(partnership, viewer=viewer, channel=Disclosure.Channel.EMAIL, at=at, only=["name"])
    return next((card.name for _, card in shown if card.name), "your partner")
