"""What becomes of a request about data: registered, confirmed, perhaps extended, answered or refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from mentorship.lib.periods import months_later
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from outbox.models import Message
from overview.models import DataRequest, State
from overview.models.requests import (
    MONTHS_FOR_A_COMPLAINT,
    MONTHS_OF_EXTENSION,
    MONTHS_TO_ANSWER,
    first_due_on,
)

FIRST_DAYS_BEFORE, LAST_DAYS_BEFORE = 10, 3
DAYS_BETWEEN_LATE = 7
MOST_OPEN = 10  # of one person from the site: more than anybody needs, less than a flood


@transaction.atomic
def ask(*, by: User, kind: str, text: str, key: UUID, at: datetime) -> DataRequest:
    """A person asks or complains about their own data on this site; the same form sent twice is one request.

    The receipt goes out at once, and superusers are told that something waits, in a letter that says no more.
    """
    if known := DataRequest.objects.of(by).filter(key=key).first():
        return known
    if kind not in DataRequest.Kind.values:
        raise NotPossible("Please choose what it is about.")
    if not text.strip():
        raise NotPossible("Please say what you would like.")
    if DataRequest.objects.of(by).open().count() >= MOST_OPEN:
        raise NotPossible(
            "Several of your requests are open already. Please add to one of them by writing to us."
        )
    received_on = timezone.localdate(at)
    request, is_new = DataRequest.objects.get_or_create(
        person=by,
        key=key,
        defaults={
            "kind": kind,
            "channel": DataRequest.Channel.SITE,
            "received_on": received_on,
            "due_on": first_due_on(kind, received_on),
            "text": text.strip(),
        },
    )
    if is_new:
        _confirm(request, at=at)
        _tell_superusers("new_request", request, occasion="new", at=at)
    return request


@transaction.atomic
def register(
    *,
    by: User,
    kind: str,
    channel: str,
    received_on: date,
    at: datetime,
    person: User | None = None,
    name: str = "",
    address: str = "",
    text: str = "",
) -> DataRequest:
    """Enter what reached the School in another way. Who has an account is named by it, others by what they gave."""
    _refuse_others(by)
    if received_on > timezone.localdate(at):
        raise NotPossible("It can't have been received in the future.")
    if person is None and not name.strip():
        raise NotPossible("Say whose request it is.")
    whose: dict[str, Any] = (
        {"person": person} if person else {"name": name.strip(), "address": address.strip()}
    )
    request = DataRequest.objects.create(
        kind=kind,
        channel=channel,
        received_on=received_on,
        due_on=first_due_on(kind, received_on),
        text=text.strip(),
        **whose,
    )
    _confirm(request, at=at)
    return request


def _confirm(request: DataRequest, *, at: datetime) -> None:
    """Where a letter can go by itself the receipt is the acknowledgement; elsewhere somebody writes, and says so."""
    if request.email:
        _acknowledged(request, at=at)
        _write("request_received", request, at=at)


@transaction.atomic
def acknowledge(request: DataRequest, *, by: User, at: datetime) -> DataRequest:
    """Note that the person was told by hand that their request is here."""
    request = _locked(request, by=by)
    _acknowledged(request, at=at)
    return request


def _acknowledged(request: DataRequest, *, at: datetime) -> None:
    """A complaint then has an end to come to: the law says without undue delay, this product says three months."""
    request.move_to(State.ACKNOWLEDGED)
    request.acknowledged_on = timezone.localdate(at)
    if request.is_complaint:
        request.due_on = months_later(request.received_on, MONTHS_FOR_A_COMPLAINT)
        outbox.withdraw(f"request/{request.pk}/reminder", at=at)
    request.save(update_fields=["state", "acknowledged_on", "due_on"])


@transaction.atomic
def extend(request: DataRequest, *, reason: str, by: User, at: datetime) -> DataRequest:
    """Take up to two months more, once, and tell the person why within the first (Article 12(3) UK GDPR)."""
    request = _locked(request, by=by)
    if request.is_complaint:
        raise NotPossible("The time for a complaint can't be extended.")
    if not reason.strip():
        raise NotPossible("Please say why it takes longer: the person reads it.")
    if timezone.localdate(at) > request.due_on:
        raise NotPossible("The month is over: it can only be extended within it.")
    request.move_to(State.EXTENDED)
    request.extended_on, request.extension_reason = timezone.localdate(at), reason.strip()
    request.due_on = months_later(request.received_on, MONTHS_TO_ANSWER + MONTHS_OF_EXTENSION)
    request.save(update_fields=["state", "extended_on", "extension_reason", "due_on"])
    outbox.withdraw(f"request/{request.pk}/reminder", at=at)
    _write("request_extended", request, at=at)
    return request


def answer(request: DataRequest, *, outcome: str, by: User, at: datetime) -> DataRequest:
    """Close a request that was met, or a complaint that was looked into, and tell the person what came of it."""
    return _close(request, to=State.ANSWERED, outcome=outcome, by=by, at=at)


def refuse(request: DataRequest, *, outcome: str, by: User, at: datetime) -> DataRequest:
    """Close one that can't be met, with the reason and where to turn next (Article 12(4) UK GDPR)."""
    return _close(request, to=State.REFUSED, outcome=outcome, by=by, at=at)


@transaction.atomic
def _close(request: DataRequest, *, to: State, outcome: str, by: User, at: datetime) -> DataRequest:
    request = _locked(request, by=by)
    if not outcome.strip():
        raise NotPossible("Please say what came of it: the person reads it.")
    request.move_to(to)
    request.closed_on, request.outcome = timezone.localdate(at), outcome.strip()
    request.save(update_fields=["state", "closed_on", "outcome"])
    outbox.withdraw(f"request/{request.pk}/reminder", at=at)
    _write("request_closed", request, at=at)
    return request


def _locked(request: DataRequest, *, by: User) -> DataRequest:
    _refuse_others(by)
    request = DataRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    if request.person_id == by.pk:
        raise NotPossible("This is your own request: ask a colleague.")
    return request


def _refuse_others(by: User) -> None:
    if not DataRequest.objects.opens_by_rank(by):
        raise NotPossible("Requests about data are dealt with by superusers.")


def _write(template: str, request: DataRequest, *, at: datetime) -> None:
    """A letter to the person, where one can go by itself. Their words aren't repeated in it."""
    if request.email:
        outbox.post(
            f"overview/email/{template}",
            to=request.email,
            key=f"request/{request.pk}/{template}",
            context={"name": request.whose, "request": request},
            at=at,
        )


# Reminders


def remind(*, at: datetime) -> int:
    """Tell superusers of requests that are due in ten days, in three, or late, every week then; how many letters."""
    return sum(
        _tell_superusers("request_due", request, occasion=f"reminder/{request.due_on}/{step}", at=at)
        for request in DataRequest.objects.open().order_by("pk")
        if (step := step_of(request, on=timezone.localdate(at)))
    )


def step_of(request: DataRequest, *, on: date) -> str:
    """Which reminder it is time for: the latest alone, so that a clock that stood still makes up for one."""
    left = (request.due_on - on).days
    if left < 0:
        return f"late-{(-left - 1) // DAYS_BETWEEN_LATE}"
    if left <= LAST_DAYS_BEFORE:
        return str(LAST_DAYS_BEFORE)
    return str(FIRST_DAYS_BEFORE) if left <= FIRST_DAYS_BEFORE else ""


def _tell_superusers(template: str, request: DataRequest, *, occasion: str, at: datetime) -> int:
    """What it is about stands on the page alone: not whose it is, and none of their words."""
    page = reverse("admin:overview_datarequest_change", args=[request.pk])
    everybody = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    readers = [reader for reader in everybody if reader.pk != request.person_id]
    context = {
        "request": request,
        "url": settings.SITE_URL + page,
        "is_late": request.due_on < timezone.localdate(at),
    }
    letters = [
        outbox.Letter(
            to=reader.email,
            key=f"request/{request.pk}/{occasion}/{reader.pk}",
            context={"name": reader.name, **context},
        )
        for reader in readers
    ]
    known = _known(letters)
    new = [letter for letter in letters if letter.key not in known]
    outbox.post_all(f"overview/email/{template}", new, at=at)
    return len(new)


def _known(letters: list[outbox.Letter]) -> set[str]:
    rows = Message.objects.filter(key__in=[letter.key for letter in letters])
    return set(rows.values_list("key", flat=True))
