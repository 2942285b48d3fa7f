"""The end of a partnership."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from partnerships.models import EndReason, Partnership, State
from partnerships.services.letters import post
from partnerships.services.rights import refuse_stranger


@transaction.atomic
def end(partnership: Partnership, *, by: User | None, at: datetime, reason: EndReason) -> Partnership:
    """End a partnership, free its places, and tell everybody in it once (EI-2)."""
    locked = Partnership.objects.select_for_update(of=("self",)).select_related("cohort__programme")
    partnership = locked.get(pk=partnership.pk)
    refuse_stranger(by, partnership.cohort)
    partnership.move_to(State.ENDED, at=at, reason=reason)
    members = list(partnership.memberships.current().select_related("application__user"))
    outbox.withdraw(f"no-meeting/{partnership.pk}/", at=at)
    if by is not None and any(membership.application.user_id == by.pk for membership in members):
        raise NotPossible("You can't end a partnership of your own for the office: ask a colleague to do it.")
    for membership in members:
        post(partnership, membership.application, "ended", f"{membership.application_id}", at=at)
    partnership.memberships.current().update(left_on=timezone.localdate(at), stayed_to_the_end=True)
    return partnership
