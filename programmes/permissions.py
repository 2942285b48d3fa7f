"""What a duty allows. Duties are given per programme by a superuser; a superuser holds none by being one."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from programmes.models import Duty, Programme

_DECIDING = [Duty.Kind.ADMINISTER, Duty.Kind.ELIGIBILITY]


def can_use_admin(user: User | AnonymousUser) -> bool:
    """The admin opens for whoever administers a programme or decides eligibility, and for superusers."""
    return user.is_authenticated and user.is_active and (user.is_superuser or decides_something(user))


def may_use_admin(request: HttpRequest) -> bool:
    """`can_use_admin` of who asks."""
    return (request.user.is_active and request.user.is_superuser) or may_decide(request)


def may_decide(request: HttpRequest) -> bool:
    """`decides_something` of who asks: asked many times for one page, so remembered for the length of a request."""
    remembered: bool | None = getattr(request, "may_decide", None)
    if remembered is None:
        remembered = decides_something(request.user)
        request.may_decide = remembered  # type: ignore[attr-defined]
    return remembered


def holds_a_duty(user: User | AnonymousUser) -> bool:
    """Staff: whoever does anything at all for a programme, and superusers."""
    return user.is_authenticated and user.is_active and (user.is_superuser or user.duties.exists())


def administers_something(user: User | AnonymousUser) -> bool:
    """Some programme at all; which rows follow from it is `visible_to`'s to say (ALL-1)."""
    return user.is_authenticated and user.is_active and user.duties.filter(kind=Duty.Kind.ADMINISTER).exists()


def decides_something(user: User | AnonymousUser) -> bool:
    """Decides about applications of some programme at all, as `can_decide` has it for one."""
    return user.is_authenticated and user.is_active and user.duties.filter(kind__in=_DECIDING).exists()


def can_handle_concerns(user: User | AnonymousUser) -> bool:
    """Cases open for handlers of some programme; being a superuser opens none."""
    return user.is_authenticated and user.is_active and user.duties.filter(kind=Duty.Kind.CONCERNS).exists()


def can_administer(user: User | AnonymousUser, programme: Programme) -> bool:
    """Decide, match and monitor in this programme and in no other (ALL-1)."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.duties.filter(programme=programme, kind=Duty.Kind.ADMINISTER).exists()


def can_decide(user: User | AnonymousUser, programme: Programme) -> bool:
    """Decide about applications: who administers the programme, and who decides eligibility in it (BM-2)."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.duties.filter(programme=programme, kind__in=_DECIDING).exists()


def programmes_with_concern_figures(user: User | AnonymousUser) -> QuerySet[Programme]:
    """Programmes of whose concerns a person may read a year's figures: they handle them or administer it."""
    if not user.is_authenticated or not user.is_active:
        return Programme.objects.none()
    kinds = [Duty.Kind.CONCERNS, Duty.Kind.ADMINISTER]
    return Programme.objects.filter(pk__in=user.duties.filter(kind__in=kinds).values("programme"))
