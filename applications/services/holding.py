"""Waiting until another mentoring ends, or taking part now: the person chooses (BM-9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application, ApplicationQuerySet, State
from applications.services.sweeping import post_new
from applications.services.writing import message_context
from mentorship.lib.locks import lock_rows
from mentorship.lib.refusals import NotPossible
from mentorship.lib.sweeps import in_sets
from outbox import services as outbox

_WAITING = [State.SUBMITTED, State.WAITLISTED, State.ACCEPTED]


def choosable(user: User, *, on: date) -> ApplicationQuerySet:
    """Applications for which a person may choose: their other mentor is there still, and they aren't introduced."""
    own = Application.objects.of(user).filter(state__in=[*_WAITING, State.QUERIED], cohort__ends_on__gte=on)
    return own.filter(has_mentor_until__gt=on).with_introduction().filter(is_introduced=False)  # type: ignore[misc]


@transaction.atomic
def choose(application: Application, *, by: User, at: datetime, until: date | None) -> Application:
    """Hold it until a day, on which it is taken up again by itself, or take part now (`until` None)."""
    today = timezone.localdate(at)
    lock_rows(Application.objects.filter(pk=application.pk))
    own = choosable(by, on=today).filter(pk=application.pk).first()
    if own is None or own.has_mentor_until is None:
        raise NotPossible("There is nothing to choose any more.")
    if until is not None and until <= today:
        raise NotPossible("Please choose a day that is still to come, or take part now.")
    if until is not None and until > own.has_mentor_until:
        raise NotPossible("An application is held until the other mentoring ends, and no longer.")
    own.hold_until = until
    own.save(update_fields=["hold_until"])
    outbox.withdraw(f"taken-up/{own.pk}", at=at)
    return own


def take_up(*, at: datetime) -> int:
    """Tell everybody whose hold is over that they are taken up again, once per hold; how many were told.

    Held until a day means taken up on that day: matching reads `hold_until` by the date itself, so nothing is set.
    """
    return in_sets(
        list(_due(at).values_list("pk", flat=True)), lambda pks: _tell(pks, at=at), what="application"
    )


def _due(at: datetime) -> ApplicationQuerySet:
    today = timezone.localdate(at)
    over = Application.objects.filter(
        hold_until__lte=today, state__in=_WAITING, cohort__ends_on__gte=today, user__is_active=True
    )
    return over.with_introduction().filter(is_introduced=False).order_by("pk")  # type: ignore[misc]


def _tell(pks: Sequence[int], *, at: datetime) -> int:
    lock_rows(Application.objects.filter(pk__in=pks))
    rows = _due(at).filter(pk__in=pks).with_acceptance().select_related("user", "cohort__programme")
    letters = [(row.cohort.programme.slug, _letter(row, on=timezone.localdate(at))) for row in rows]
    return post_new("applications/email/taken_up", letters, at=at)


def _letter(application: Application, *, on: date) -> outbox.Letter:
    until = application.has_mentor_until
    hold_url = settings.SITE_URL + reverse("hold_application", args=[application.pk])
    return outbox.Letter(
        to=application.user.email,
        key=f"taken-up/{application.pk}/{application.hold_until}",
        context={
            **message_context(application),
            "hold_until": application.hold_until,
            "is_accepted": application.state == State.ACCEPTED,
            "is_waitlisted": application.state == State.WAITLISTED,
            "hold_url": hold_url if until and until > on else "",
        },
    )
