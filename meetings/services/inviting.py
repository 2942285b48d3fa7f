"""Plans follow who is in a circle: who joins it is invited, and who has left has it in their calendar no more."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from meetings.models import Meeting, State
from meetings.services.letters import plan_key, post_plan
from meetings.services.members import lock_meeting
from outbox import services as outbox
from outbox.models import Message
from partnerships.models import Membership
from partnerships.models import State as PartnershipState
from programmes.models import Pathway

log = logging.getLogger(__name__)


@dataclass
class Change:
    """Who is to be invited to a plan that they don't know yet, and whose calendar it is to leave."""

    newcomers: list[Membership] = field(default_factory=list)
    leavers: list[Membership] = field(default_factory=list)


def follow_members(*, at: datetime) -> int:
    """Bring the calendars of circles up to date with who is in them now; how many messages were written."""
    ahead = Meeting.objects.planned().filter(
        partnership__state=PartnershipState.ACTIVE,
        partnership__pathway=Pathway.Kind.CIRCLE,
        starts_at__gt=at,
    )
    meetings = list(ahead.select_related("partnership").order_by("pk"))
    written = 0
    for meeting in _changes(meetings):
        try:
            written += _follow(meeting, at=at)
        except Exception:  # one that fails holds back no other; it is tried again with the next sweep
            log.exception("Calendars of meeting %s could not be brought up to date.", meeting.pk)
    return written


@transaction.atomic
def _follow(meeting: Meeting, *, at: datetime) -> int:
    """Asked again under the lock: the plan may just have changed, and everybody heard of it."""
    meeting, partnership, _ = lock_meeting(meeting)
    if meeting.state != State.PLANNED or not partnership.is_active:
        return 0
    change = _changes([meeting]).get(meeting, Change())
    for member in change.newcomers:
        post_plan(
            meeting, partnership, member, template="planned", method="REQUEST", who="Your circle has", at=at
        )
    for member in change.leavers:
        for key in _invitations(meeting, member):
            outbox.withdraw(key, at=at)
    meeting.place = ""  # never saved: where they meet isn't told to who has left
    for member in change.leavers:
        post_plan(
            meeting,
            partnership,
            member,
            template="plan_left",
            method="CANCEL",
            who="",
            at=at,
            key=_farewell(meeting, member),
        )
    return len(change.newcomers) + len(change.leavers)


def _changes(meetings: Collection[Meeting]) -> Mapping[Meeting, Change]:
    """What is to be done for which plan; the number of queries doesn't grow with them."""
    members: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.filter(partnership__in={meeting.partnership_id for meeting in meetings})
    for row in rows.select_related("application__user").order_by("pk"):
        members[row.partnership_id].append(row)
    pairs = [(meeting, row) for meeting in meetings for row in members[meeting.partnership_id]]
    keys = {key for meeting, row in pairs for key in (*_invitations(meeting, row), _farewell(meeting, row))}
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    changes: dict[Meeting, Change] = defaultdict(Change)
    for meeting, row in pairs:
        if row.left_on is None and _is_new(meeting, row) and plan_key(meeting, row) not in known:
            changes[meeting].newcomers.append(row)
        elif row.left_on and known.intersection(_invitations(meeting, row)):
            is_told = _farewell(meeting, row) in known
            if not is_told and not _is_back(row, members[meeting.partnership_id]):
                changes[meeting].leavers.append(row)
    return changes


def _is_new(meeting: Meeting, member: Membership) -> bool:
    """Whether somebody joined no earlier than the plan was last told to everybody."""
    return meeting.planned_at is not None and member.joined_on >= timezone.localdate(meeting.planned_at)


def _is_back(left: Membership, members: Iterable[Membership]) -> bool:
    return any(row.left_on is None and row.application_id == left.application_id for row in members)


def _invitations(meeting: Meeting, member: Membership) -> list[str]:
    return [plan_key(meeting, member, sequence) for sequence in range(meeting.sequence + 1)]


def _farewell(meeting: Meeting, member: Membership) -> str:
    return f"plan-left/{meeting.pk}/{member.pk}"
