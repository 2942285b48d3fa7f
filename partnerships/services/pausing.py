"""A rest ordered by the office: cards and clocks stop, and everybody there hears the same."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from partnerships.models import Partnership, State
from partnerships.services.absences import tell_newcomers
from partnerships.services.introducing import introduce_again
from partnerships.services.letters import post, withdraw_names, withdraw_reminders
from partnerships.services.rights import lock, refuse_own, refuse_unless_protecting
from programmes.models import Duty

SOMEBODY_ELSES = (
    "A pause is lifted by whoever ordered it, be it a colleague at the office or somebody who handles concerns."
    " Please ask them."
)


@transaction.atomic
def pause(partnership: Partnership, *, by: User | None, at: datetime) -> Partnership:
    """Let an active partnership rest. A pause that protects somebody looks like any other (EI-6a).

    So everybody in it gets one and the same letter, which names no reason and nobody, and the row says who ordered it
    to nobody who doesn't hold the secret.
    """
    partnership = _own_to_decide(partnership, "pause", by=by)
    partnership.move_to(State.PAUSED, at=at, seal=_seal(partnership, by) if by else "")
    withdraw_reminders(partnership, at=at)
    withdraw_names(partnership, at=at)
    _tell(partnership, "paused", at=at)
    return partnership


@transaction.atomic
def resume(
    partnership: Partnership, *, by: User | None, at: datetime, is_from_its_case: bool = False
) -> Partnership:
    """Let a paused partnership go on, and tell everybody in it alike.

    Whoever ordered a pause lifts it, or another handler from the case that it was ordered for (`is_from_its_case`: the
    caller has made sure): else who looks after the list, or a handler from whom that case is kept, would lift one that
    protects somebody, since it looks like any other (EI-6a). No rank counts more than that. Once whoever ordered it
    is gone a handler may, or any administrator if there is none, as where the clock ordered it.
    """
    partnership = _own_to_decide(partnership, "resume", by=by)
    if by is not None and partnership.pause_seal and not is_from_its_case:
        _refuse_somebody_elses(partnership, by)
    partnership.move_to(State.ACTIVE, at=at)
    _tell(partnership, "resumed", at=at)
    introduce_again(partnership, at=at)
    tell_newcomers(partnership, at=at)  # of an absence that was announced meanwhile
    return partnership


def _own_to_decide(partnership: Partnership, what: str, *, by: User | None) -> Partnership:
    partnership = lock(partnership)
    refuse_unless_protecting(by, partnership.cohort)
    refuse_own(by, partnership, what)
    return partnership


def _refuse_somebody_elses(partnership: Partnership, by: User) -> None:
    """One sentence for every pause, whoever ordered it. Once they are gone a handler may lift it, or else anybody."""
    if _is_sealed_by(partnership, by):
        return
    others = _who_may_decide(partnership)
    if any(_is_sealed_by(partnership, user) for user in others):
        raise NotPossible(SOMEBODY_ELSES)
    handlers = others.filter(
        duties__kind=Duty.Kind.CONCERNS, duties__programme=partnership.cohort.programme_id
    )
    if handlers.exists() and not handlers.filter(pk=by.pk).exists():
        raise NotPossible(SOMEBODY_ELSES)


def _who_may_decide(partnership: Partnership) -> QuerySet[User]:
    """Whom `refuse_unless_protecting` and `refuse_own` let through now."""
    protecting = Duty.objects.filter(
        programme=partnership.cohort.programme_id, kind__in=[Duty.Kind.ADMINISTER, Duty.Kind.CONCERNS]
    )
    able = User.objects.filter(pk__in=protecting.values("user"), is_active=True)
    inside = partnership.memberships.order_by().values("application__user")
    return able.exclude(pk__in=inside).order_by("pk")


def _seal(partnership: Partnership, user: User, *, secret: str | None = None) -> str:
    """A fingerprint of who ordered the pause of which partnership; a dump of the database names nobody by it."""
    ordered = f"{partnership.pk}/{user.pk}"
    return salted_hmac("partnerships.pause", ordered, secret=secret, algorithm="sha256").hexdigest()


def _is_sealed_by(partnership: Partnership, user: User) -> bool:
    """Whether this person ordered the pause, under the present secret or one before it."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    seals = [_seal(partnership, user, secret=secret) for secret in secrets]
    return any(constant_time_compare(seal, partnership.pause_seal) for seal in seals)


def _tell(partnership: Partnership, name: str, *, at: datetime) -> None:
    for member in partnership.memberships.current().select_related("application__user"):
        occasion = f"{member.application_id}/{at.timestamp():.0f}"
        post(partnership, member.application, name, occasion, at=at)
