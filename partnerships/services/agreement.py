"""What everybody in a circle agrees to, before they go on and again when somebody joins (BM-5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from partnerships.models import AgreementAcceptance, Membership, Partnership, State
from partnerships.queries.circles import agreement_of
from partnerships.services.rights import lock


@transaction.atomic
def accept(partnership: Partnership, *, by: User, at: datetime, round: int) -> AgreementAcceptance:
    """Keep that a member accepted the circle's agreement; twice is once.

    `round` is the one that was shown to them: if somebody joined meanwhile, they are asked again.
    """
    partnership = lock(partnership)
    member = Membership.objects.current().filter(partnership=partnership, application__user=by).first()
    if member is None or partnership.state == State.ENDED or not agreement_of(partnership):
        raise NotPossible("There is nothing to agree to here.")
    if round != partnership.agreement_round:
        raise NotPossible("Somebody has joined your circle meanwhile. Please accept once more.")
    acceptance, _ = AgreementAcceptance.objects.get_or_create(
        membership=member, round=round, defaults={"accepted_at": at}
    )
    return acceptance
