"""What somebody says to a reminder (users.md 2): a date is being found, or help is wanted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from meetings.models import Arranging
from meetings.services.letters import rest_nudges
from mentorship.lib.refusals import NotPossible
from partnerships.models import Flag, Membership, Partnership
from partnerships.services import flags
from partnerships.services.rights import lock

RESTS_FOR = timedelta(days=7)


@transaction.atomic
def say_arranging(membership: Membership, *, at: datetime) -> Arranging:
    """They are finding a date: reminders of this partnership rest for a week, on both sides. Twice is once."""
    partnership = _active(membership)
    today = timezone.localdate(at)
    said, _ = Arranging.objects.get_or_create(
        membership=membership, said_on=today, defaults={"until_on": today + RESTS_FOR - timedelta(days=1)}
    )
    rest_nudges(partnership.memberships.current().select_related("application"), at=at)
    return said


@transaction.atomic
def ask_for_help(membership: Membership, *, at: datetime) -> Flag:
    """The office is told at once; the other side isn't. Twice is once while it waits."""
    return flags.raise_flag(_active(membership), kind=Flag.Kind.HELP, membership=membership, at=at)


def _active(membership: Membership) -> Partnership:
    partnership = lock(membership.partnership)
    if not partnership.is_active or not partnership.memberships.current().filter(pk=membership.pk).exists():
        raise NotPossible("Nothing is asked of you here any more, so there is nothing to answer.")
    return partnership
