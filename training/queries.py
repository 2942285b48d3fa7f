"""Reads of training: who attended, what a person may sign up for, what their pages show (BM-12)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from applications.models import Application
from applications.models import State as Stage
from programmes.models import Programme
from training.models import Booking, Session, SessionQuerySet

TAKES_PART = (Stage.ACCEPTED, Stage.SUBMITTED)  # may ask for a place
HAS_LEFT = (Stage.DECLINED, Stage.WITHDRAWN)  # keeps none


def has_attended(user_ids: Collection[int], programme: Programme, kind: str) -> set[int]:
    """Who of these users attended a training of this kind in any cohort of the programme; one query."""
    were_there = Booking.objects.booked().filter(
        has_attended=True,
        session__cohort__programme=programme,
        session__kind=kind,
        application__user__in=user_ids,
    )
    return set(were_there.order_by().values_list("application__user", flat=True))


def applications_for(session: Session, user: User) -> QuerySet[Application]:
    """The person's own applications that a session is for, an accepted one first."""
    own = Application.objects.of(user).filter(cohort=session.cohort_id, state__in=TAKES_PART)
    return (own.filter(role=session.role) if session.role else own).order_by("state", "-role", "pk")


def sessions_of(user: User) -> SessionQuerySet:
    """Sessions for a cohort and role that the person takes part in, and those in which they have a place."""
    own = Application.objects.of(user).filter(cohort=OuterRef("cohort"), state__in=TAKES_PART)
    meant = Q(Exists(own), role="") | Q(Exists(own.filter(role=OuterRef("role"))))
    standing = Booking.objects.of(user).standing().order_by().values("session")
    return Session.objects.filter(meant | Q(pk__in=standing)).select_related("cohort__programme")


def listed_sessions_of(user: User, *, at: datetime) -> SessionQuerySet:
    """What the person's list shows: everything ahead, and of the past where they had a place."""
    held = Booking.objects.of(user).booked().order_by().values("session")
    return sessions_of(user).standing().filter(Q(starts_at__gt=at) | Q(pk__in=held))
