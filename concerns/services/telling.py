"""Messages about a case: no content, no names, one subject for all (`templates/concerns/email/`)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from concerns import contents, queries, sealing
from concerns.models import Case
from outbox.services import post


def tell_reporter(case: Case, message: str, *, occasion: str, at: datetime) -> None:
    """Write to the reporter, if they gave their name. The outbox isn't sealed: nothing in it leads to the case."""
    reporter = contents.reporter_of(case)
    if reporter and reporter.is_active:
        key = f"{of_case(case)}/{occasion}/reporter"
        _post(case, message, to=reporter.email, key=key, url=reverse("my_concerns"), at=at)


def tell_handlers(case: Case, message: str, *, occasion: str, at: datetime) -> None:
    """Write to whoever may open the case; to the School's central address if nobody may."""
    readers = queries.readers_of(case)
    for person in readers:
        key = f"{of_case(case)}/{occasion}/{_mark(person.pk)}"
        _post(case, message, to=person.email, key=key, url=reverse("cases"), at=at)
    if not readers:
        _tell_the_centre(case, "nobody", key=f"{of_case(case)}/{occasion}", at=at)


def tell_handler(case: Case, person: User, *, occasion: str, at: datetime) -> None:
    key = f"{of_case(case)}/{occasion}/{_mark(person.pk)}"
    _post(case, "waiting", to=person.email, key=key, url=reverse("cases"), at=at)


def chase(case: Case, *, at: datetime) -> None:
    """Remind the handlers of a late answer: one message per person, programme and day, however many are late.

    Since a reminder that nobody reads is a silence, who can help is told too from the second day on; not the office,
    which isn't to know.
    """
    day, programme = timezone.localdate(at), case.programme
    readers = queries.readers_of(case)
    for person in readers:
        key = f"late/{programme.slug}/{day}/{_mark(person.pk)}"
        _post(case, "late", to=person.email, key=key, url=reverse("cases"), at=at)
    if not readers:
        _tell_the_centre(case, "nobody", key=f"late/{programme.slug}/{day}/nobody", at=at)
    elif day > timezone.localdate(case.answer_due_at):
        _tell_the_centre(case, "unanswered", key=f"late/{programme.slug}/{day}", at=at)


def of_case(case: Case) -> str:
    """What the keys of a case's messages begin with. It says nothing of the case to who doesn't hold our keys."""
    return sealing.fingerprint("message", case.pk)[:32]


def _mark(recipient: object) -> str:
    return sealing.fingerprint("recipient", recipient)[:16]


def _tell_the_centre(case: Case, message: str, *, key: str, at: datetime) -> None:
    addresses = central_addresses(case)
    if not addresses and message == "nobody":
        addresses = [case.programme.contact_email]  # better its office than nobody at all
    for address in addresses:
        mark = _mark(address)
        _post(case, message, to=address, key=f"{key}/centre/{mark}", url=reverse("home"), at=at)


def central_addresses(case: Case) -> list[str]:
    """Who can help where handlers don't: the School's central address, or else those who give duties.

    Never somebody from whom the case is kept.
    """
    if settings.CONCERNS_CENTRAL_EMAIL:
        return [settings.CONCERNS_CENTRAL_EMAIL]
    rank = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    return [user.email for user in rank if not queries.is_kept_from(case, user)]


def _post(case: Case, message: str, *, to: str, key: str, url: str, at: datetime) -> None:
    post(
        f"concerns/email/{message}",
        to=to,
        key=f"concerns/{key}",
        context={"url": settings.SITE_URL + url, "answer_due_at": case.answer_due_at},
        programme=case.programme.slug,
        at=at,
    )
