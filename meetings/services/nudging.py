"""Remind who hasn't met (EI-1b, BM-5, BM-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from meetings import queries
from meetings.services.letters import context_of
from outbox import services as outbox
from partnerships.models import Membership, Partnership

BATCH = 200


def remind_unmet(*, at: datetime) -> int:
    """Remind everybody, once, in a partnership that should have met by now (EI-1b); how many were written.

    Nobody is reminded after the cohort's last day (EI-2). In sets of `BATCH` people, a transaction for each set.
    """
    pks = list(queries.members_to_remind(at=at).values_list("pk", flat=True))
    return sum(_remind(pks[start : start + BATCH], at=at) for start in range(0, len(pks), BATCH))


@transaction.atomic
def _remind(pks: Sequence[int], *, at: datetime) -> int:
    """Write the reminders of these members, asked again under the lock: a meeting may just have been logged."""
    partnerships = Membership.objects.filter(pk__in=pks).order_by().values("partnership")
    list(Partnership.objects.select_for_update().filter(pk__in=partnerships).order_by("pk").values_list("pk"))
    members = queries.members_to_remind(at=at).filter(pk__in=pks)
    for member in members:
        programme = member.partnership.cohort.programme
        outbox.post(
            "meetings/email/no_meeting_yet",
            to=member.application.user.email,
            key=f"no-meeting/{member.partnership_id}/{member.pk}",
            programme=programme.slug,
            context=context_of(member.partnership, member),
            at=at,
        )
    return len(members)
