"""Plans of partnerships that are paused or have ended, and places of days that are over."""

from __future__ import annotations

import logging
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from meetings import queries
from meetings.models import Meeting, State
from meetings.services import inviting
from meetings.services.members import lock_meeting
from meetings.services.planning import close_plan, close_unsaid
from partnerships.models import EndReason, Partnership
from partnerships.models import State as PartnershipState

log = logging.getLogger(__name__)


def settle_plans(*, at: datetime) -> int:
    """Cancel what is planned where nothing is planned any more, and forget places; how many plans were closed.

    What lies ahead is cancelled. What has passed stays to be logged as long as it can be, and is then noted as
    not held.
    """
    _forget_places(at=at)
    inviting.follow_members(at=at)
    waiting = Meeting.objects.planned().exclude(partnership__state=PartnershipState.ACTIVE)
    settled = 0
    for meeting in waiting.select_related("partnership").order_by("pk"):
        try:
            settled += _settle(meeting, at=at)
        except Exception:  # one that fails holds back no other; it is tried again with the next sweep
            log.exception("Meeting %s could not be settled.", meeting.pk)
    return settled


@transaction.atomic
def _settle(meeting: Meeting, *, at: datetime) -> bool:
    """Asked again under the lock: it may have been logged, or the partnership gone on, meanwhile."""
    meeting, partnership, members = lock_meeting(meeting)
    if meeting.state != State.PLANNED or partnership.is_active or meeting.starts_at is None:
        return False
    if meeting.starts_at > at:
        close_plan(meeting, partnership, members, is_silent=_is_over(partnership, at=at), at=at)
        return True
    if partnership.is_paused or queries.takes_meetings(partnership, at=at):
        return False
    close_unsaid(meeting, at=at)
    return True


def _is_over(partnership: Partnership, *, at: datetime) -> bool:
    """Nobody hears anything once the programme itself has ended (EI-2)."""
    return partnership.end_reason == EndReason.PROGRAMME or partnership.cohort.has_ended(
        timezone.localdate(at)
    )


def _forget_places(*, at: datetime) -> None:
    """Where people met is forgotten once the day is over (EI-6)."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    Meeting.objects.planned().filter(starts_at__lt=today).exclude(place="").update(place="")
