"""Who may raise a concern where, whom it may be about, and who reads it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import User
from applications.models import Application
from concerns.models import Case
from partnerships.models import Membership
from programmes.models import Duty, Programme


def programmes_of(user: User | AnonymousUser) -> QuerySet[Programme]:
    """Where a person may raise a concern: they have applied, been in a partnership, or work for it."""
    if not user.is_authenticated:
        return Programme.objects.none()
    applied = Application.objects.filter(user=user, submitted_at__isnull=False)
    matched = Membership.objects.filter(application__user=user)
    duties = Duty.objects.filter(user=user)
    return Programme.objects.filter(
        Q(pk__in=applied.values("cohort__programme"))
        | Q(pk__in=matched.values("partnership__cohort__programme"))
        | Q(pk__in=duties.values("programme"))
    )


def partners_of(user: User, programme: Programme) -> QuerySet[User]:
    """Everybody who is or ever was in a partnership of this programme with this person."""
    theirs = Membership.objects.filter(application__user=user, partnership__cohort__programme=programme)
    others = Membership.objects.filter(partnership__in=theirs.values("partnership"))
    return User.objects.filter(pk__in=others.values("application__user")).exclude(pk=user.pk)


def readers_of(case: Case) -> list[User]:
    """The handlers who may open a case. Each is asked at the door itself, so that there is one rule only."""
    handlers = User.objects.filter(duties__programme=case.programme_id, duties__kind=Duty.Kind.CONCERNS)
    return [user for user in handlers.distinct() if Case.objects.visible_to(user).filter(pk=case.pk).exists()]
