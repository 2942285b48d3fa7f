"""Ask to be erased, and call it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mentorship.lib.periods import last_day_of_a_month_from
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from overview.links import call_back_url
from overview.models import Erasure

GRACE = timedelta(days=3)


@transaction.atomic
def ask(user: User, at: datetime) -> Erasure:
    """Begin the erasure of a person, as they or the office ask for it; asking again gives the first.

    The letter says until when it can be called back, and by which link: so that nobody who finds an open session
    erases somebody else. It is the last letter: with the account goes the address.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if standing := standing_request(person):
        return standing
    if person.is_gone:
        raise NotPossible("This account is erased already.")
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    if person.is_superuser and not others.exists():
        raise NotPossible("You are the only one who runs this site: first let somebody else do it.")
    today = timezone.localdate(at)
    month = last_day_of_a_month_from(today) - today
    erasure = Erasure.objects.create(person=person, asked_at=at, ready_at=at + GRACE, due_at=at + month)
    outbox.post(
        "overview/email/erasure_asked",
        to=person.email,
        key=f"erasure/{erasure.pk}/asked",
        context={
            "name": str(person),
            "erasure": erasure,
            "call_back_url": call_back_url(erasure),
        },
        at=at,
    )
    return erasure


@transaction.atomic
def call_back(user: User, at: datetime) -> None:
    """Take one's request back before it begins; raises NotPossible where none stands, or where it is too late."""
    standing = Erasure.objects.of(user).standing().filter(ready_at__gt=at).select_for_update()
    if not standing.update(called_back_at=at):
        raise NotPossible("There is no request to erase your account.")


def standing_request(user: User) -> Erasure | None:
    """What the person has asked for and isn't done yet."""
    return Erasure.objects.of(user).standing().first()
