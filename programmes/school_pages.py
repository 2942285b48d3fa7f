"""What is done about the School's pages: one row for each link, a look every six months, a question every week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mentorship.lib import reaching
from mentorship.lib.periods import months_later
from mentorship.lib.refusals import NotPossible
from programmes.models import Programme, SchoolPage

MONTHS_BETWEEN_LOOKS = 6
BETWEEN_QUESTIONS = timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """A page that somebody should look at, and why."""

    page: SchoolPage
    why: str


def due_for(user: User | AnonymousUser, *, on: date) -> list[Due]:
    """What is due among the programmes that this person looks after."""
    return due(SchoolPage.objects.visible_to(user).select_related("programme"), on=on)


def due(pages: Iterable[SchoolPage], *, on: date) -> list[Due]:
    """Pages that lead nowhere, and pages at which nobody has looked for six months."""
    return [Due(page, why) for page in pages if (why := why_due(page, on=on))]


def why_due(page: SchoolPage, *, on: date) -> str:
    """A sentence, or nothing if all is well."""
    if page.failure:
        return f"{page.failure} Asked on {page.asked_on:%-d %B %Y}."
    if page.looked_at_on is None:
        return "Nobody has looked at it yet."
    if on >= months_later(page.looked_at_on, MONTHS_BETWEEN_LOOKS):
        return f"Last looked at on {page.looked_at_on:%-d %B %Y}."
    return ""


@transaction.atomic
def look(page: SchoolPage, *, url: str, by: User, at: datetime) -> SchoolPage:
    """Note that somebody has read this page and finds it in order; `url` is the link that they were shown."""
    found = SchoolPage.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=page.pk).first()
    if found is None:
        raise NotPossible("You don't look after this programme.")
    if found.url != url:
        raise NotPossible("The link has changed meanwhile. Please look at the new one.")
    found.looked_at_on, found.looked_at_by = timezone.localdate(at), by
    found.save(update_fields=["looked_at_on", "looked_at_by"])
    return found


def check(*, at: datetime) -> int:
    """Ask every page that wasn't asked for a week whether it answers; how many were asked.

    Nothing is locked while an answer is waited for. What was asked twice at once was asked twice. In the rehearsal
    nothing is asked.
    """
    keep_rows()
    if settings.EXAMPLE:
        return 0
    today, asked = timezone.localdate(at), 0
    for page in SchoolPage.objects.order_by("pk"):
        if page.asked_on is None or today - page.asked_on >= BETWEEN_QUESTIONS:
            failure = reaching.failure_of(page.url)
            SchoolPage.objects.filter(pk=page.pk, url=page.url).update(asked_on=today, failure=failure)
            asked += 1
    return asked


def keep_rows() -> None:
    """A row for each link of each programme; a link that was changed begins anew."""
    anew = {"looked_at_on": None, "looked_at_by": None, "asked_on": None, "failure": ""}
    for programme in Programme.objects.order_by("pk"):
        for which in SchoolPage.Which:
            url = getattr(programme, f"{which}_url")
            SchoolPage.objects.get_or_create(programme=programme, which=which, defaults={"url": url})
            SchoolPage.objects.filter(programme=programme, which=which).exclude(url=url).update(
                url=url, **anew
            )
