"""Somebody takes their declaration back (BM-2), or leaves altogether: what that carried ends, and no letter says why.

Suggestions, offers and places at trainings are freed by the sweeps that ask who still takes part.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from applications.models import Application, ApplicationQuerySet
from applications.services import writing
from declarations import services as declarations
from mentorship.lib.locks import lock_rows
from mentorship.lib.refusals import NotPossible
from partnerships.models import EndReason, Membership, MembershipQuerySet, Partnership
from partnerships.services.circles import let_go
from partnerships.services.ending import end, looking_for_somebody


@transaction.atomic
def withdraw_declaration(application: Application, *, by: User, at: datetime) -> bool:
    """Take one's declaration back, and with it every application and partnership of one's own in its cohort.

    One declaration carries both roles. What others hear is what they hear of anybody who leaves. Twice is once:
    whether there was anything to take back.
    """
    if application.user_id != by.pk:
        raise NotPossible("This application belongs to somebody else.")
    _lock(_own_applications(application))
    if not declarations.withdraw(by=by, cohort=application.cohort, at=at):
        return False
    _leave_all(_own_applications(application), by=by, at=at)
    return True


@transaction.atomic
def leave_everything(user: User, *, at: datetime) -> None:
    """End all that somebody is in, in every cohort, and take their applications back; they stay locked.

    Whoever is left hears what they hear of anybody who leaves. Twice is once.
    """
    own = Application.objects.filter(user=user).order_by("pk")
    _lock(own)
    _leave_all(own, by=user, at=at)


def own_memberships(application: Application) -> MembershipQuerySet:
    """What its person is in, in its cohort, whatever the role."""
    return _inside(_own_applications(application))


def _inside(applications: ApplicationQuerySet) -> MembershipQuerySet:
    inside = Membership.objects.current().filter(application__in=applications.order_by().values("pk"))
    return inside.select_related("application", "partnership__cohort__programme")


def _own_applications(application: Application) -> ApplicationQuerySet:
    own = Application.objects.filter(user=application.user_id, cohort=application.cohort_id)
    return own.order_by("pk")


def _lock(applications: ApplicationQuerySet) -> None:
    """Partnerships before applications. Whoever is introduced between the two presses once more."""

    def inside() -> set[int]:
        return set(_inside(applications).values_list("partnership", flat=True))

    locked = set(lock_rows(Partnership.objects.filter(pk__in=inside())))
    lock_rows(applications)
    if inside() - locked:
        raise NotPossible("You have been introduced at this very moment. Please try once more.")


def _leave_all(applications: ApplicationQuerySet, *, by: User, at: datetime) -> None:
    for membership in _inside(applications).order_by("partnership"):
        _leave(membership, at=at)
    for own in applications.editable():
        writing.withdraw(own, by=by, at=at)


def _leave(membership: Membership, *, at: datetime) -> None:
    """As anybody leaves who wishes for nobody new; whoever stays is looked after as in any other end."""
    partnership = membership.partnership
    if partnership.is_circle:
        let_go(membership, by=None, at=at, wants_new_partner=False)
        return
    others = [row for row in looking_for_somebody(partnership) if row.pk != membership.application_id]
    end(partnership, by=None, at=at, reason=EndReason.LEAVING, rematch=others)
