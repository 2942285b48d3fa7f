"""Messages about a partnership, each to one person in it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from applications.models import Application
from outbox import services as outbox
from partnerships.models import Membership, Partnership


def post(
    partnership: Partnership,
    application: Application,
    name: str,
    occasion: str,
    *,
    at: datetime,
    **context: object,
) -> None:
    """Post one message about a partnership to one person in it, once per occasion."""
    outbox.post(
        f"partnerships/email/{name}",
        to=application.user.email,
        key=f"{name}/{partnership.pk}/{occasion}",
        programme=partnership.cohort.programme.slug,
        context={**context_of(partnership, application), **context},
        at=at,
    )


def context_of(partnership: Partnership, application: Application) -> dict[str, object]:
    """What every message about a partnership may say of its reader and the programme; partners only come by cards."""
    return {
        "programme": partnership.cohort.programme,
        "cohort": partnership.cohort,
        "partnership": partnership,
        "name": application.user.name,
        "role": application.role,
        "partnership_url": settings.SITE_URL + reverse("partnership", args=[partnership.pk]),
        "help_url": settings.SITE_URL + reverse("concern"),
        "seen_url": settings.SITE_URL + reverse("seen"),
    }


def withdraw_reminders(partnership: Partnership, *, at: datetime) -> None:
    """Keep back what would still remind anybody in a partnership that rests, ends or is being left."""
    outbox.withdraw(f"day-before/{partnership.pk}", at=at)
    for user in (
        Membership.objects.current()
        .filter(partnership=partnership)
        .order_by("application__user")
        .values_list("application__user", flat=True)
    ):
        outbox.withdraw(f"nudge/{user}", at=at)


def withdraw_names(partnership: Partnership, *, at: datetime) -> None:
    """Keep back what would still name somebody of a partnership that rests or ends, if it hasn't left yet."""
    for kind in ("introduction", "joined", "away", "back"):
        outbox.withdraw(f"{kind}/{partnership.pk}", at=at)
