"""Raise a concern and follow it up (EI-6, EI-6a, EI-6b, BM-5, BM-6).

Every change begins at the handlers' door: who may not see a case can't change it either. Messages have no content and
no names; the handlers' go to whoever may open the case, and to the programme's own address when nobody may.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from concerns import clock, contents, queries, sealing
from concerns.models import About, AtRisk, Case, CaseExclusion, Category, Entry, Kind, Outcome, Reading, State
from mentorship.lib.refusals import NotPossible
from outbox.services import post
from programmes.models import Programme

MOST_LETTERS = 20_000
MOST_CONTACT_LETTERS = 300
MOST_POLICY_LETTERS = 200
# No vowels, so that no reference spells a word, and nothing that is read for something else.
REFERENCE_SIGNS = "23456789BCDFGHJKMNPQRTVWXYZ"


@sensitive_variables()
def file(
    *,
    by: User,
    programme: Programme,
    category: Category,
    about: About,
    at_risk: AtRisk,
    text: str,
    contact: str,
    key: str,
    at: datetime,
) -> Case:
    """Keep a concern, acknowledge it and tell its handlers (EI-6). The same form sent twice gives the first case."""
    if not queries.programmes_of(by).filter(pk=programme.pk).exists():
        raise NotPossible("You can raise a concern in a programme that you take part in.")
    text, contact = _words(text, MOST_LETTERS), _at_most(contact, MOST_CONTACT_LETTERS)
    said = [by.pk, programme.pk, key, category, about, at_risk, text, contact]
    receipt_key = sealing.fingerprint("receipt", json.dumps(said))
    case = Case(
        programme=programme, receipt_key=receipt_key, category=category, at_risk=at_risk, created_at=at
    )
    try:
        with transaction.atomic():
            _fill(case, by=by, about=about, contact=contact, at=at)
            _add(case, Kind.FILED, {"text": text}, at=at)
            _tell_reporter(case, "received", occasion="received", at=at)
            _tell_handlers(case, "waiting", occasion=f"waiting/{case.pk}", at=at)
    except IntegrityError:
        return Case.objects.get(receipt_key=receipt_key)
    return case


@transaction.atomic
def read(case: Case, *, by: User, at: datetime) -> contents.OpenCase:
    """Open a case for one of its handlers and write down that they read it."""
    case = _at_the_door(case, by=by)
    Reading.objects.create(case=case, user=by, at=at)
    return contents.open_case(case)


@sensitive_variables()
@transaction.atomic
def answer(case: Case, *, by: User, text: str, at: datetime) -> None:
    """Answer the reporter; the first answer stops the clock, and whoever gives it takes a case that nobody has.

    The same words twice in a row are one answer.
    """
    case = _open_for_change(case, by=by)
    content = {"by": by.pk, "text": _words(text, MOST_LETTERS)}
    if contents.last_content(case, Kind.ANSWER) == content:
        return
    case.first_answered_at = case.first_answered_at or at
    if case.handler_id is None:
        _give(case, by=by, to=by, at=at)
    if case.state == State.NEW:
        _change_state(case, State.ACKNOWLEDGED, {"by": by.pk}, at=at)
    else:
        case.save()
    entry = _add(case, Kind.ANSWER, content, at=at)
    _tell_reporter(case, "news", occasion=str(entry.pk), at=at)


@sensitive_variables()
@transaction.atomic
def note(case: Case, *, by: User, text: str, at: datetime) -> None:
    """Write something down for the handlers; the reporter never sees it. The same words twice in a row are one note."""
    case = _open_for_change(case, by=by)
    content = {"by": by.pk, "text": _words(text, MOST_LETTERS)}
    if contents.last_content(case, Kind.NOTE) != content:
        _add(case, Kind.NOTE, content, at=at)


@transaction.atomic
def assign(case: Case, *, by: User, to: User, at: datetime) -> None:
    """Give a case to a handler who may read it, and tell them if it wasn't their own doing (EI-6a)."""
    case = _open_for_change(case, by=by)
    if to not in queries.readers_of(case):
        raise NotPossible("This person can't be given the case.")
    if case.handler_id == to.pk:
        return
    entry = _give(case, by=by, to=to, at=at)
    if to != by:
        _post(case, "waiting", to=to.email, key=f"given/{entry.pk}", url=reverse("cases"), at=at)


@transaction.atomic
def move(case: Case, *, by: User, to: State, at: datetime, policy: str = "") -> None:
    """Move a case along, or reopen it. Who refers it says under which policy (EI-6a)."""
    case = _at_the_door(case, by=by)
    if to == State.CLOSED:
        raise NotPossible("To close a case, say what its outcome is.")
    content: dict[str, Any] = {"by": by.pk}
    if to == State.REFERRED:
        content["policy"] = _at_most(policy, MOST_POLICY_LETTERS)
        if not content["policy"]:
            raise NotPossible("Say under which policy the case is referred.")
        case.seal("sealed_policy", content["policy"])
    case.closed_at, case.outcome = None, ""
    _change_state(case, to, content, at=at)


@transaction.atomic
def close(case: Case, *, by: User, outcome: Outcome, policy: str, at: datetime) -> None:
    """Close an answered case with its outcome and the policy that it was followed up under (EI-6a)."""
    case = _at_the_door(case, by=by)
    if not case.is_answered:
        raise NotPossible("Answer the person first: a case that nobody has answered can't be closed.")
    if policy := _at_most(policy, MOST_POLICY_LETTERS):
        case.seal("sealed_policy", policy)
    case.closed_at, case.outcome = at, outcome
    _change_state(case, State.CLOSED, {"by": by.pk, "outcome": outcome, "policy": policy}, at=at)
    _tell_reporter(case, "news", occasion=f"closed/{at.isoformat()}", at=at)


def chase(case: Case, *, at: datetime) -> None:
    """Remind the handlers of a late answer: one message per person, programme and day, however many are late."""
    _tell_handlers(case, "late", occasion=f"late/{case.programme.slug}/{timezone.localdate(at)}", at=at)


def _at_the_door(case: Case, *, by: User) -> Case:
    """The case under a lock, if this person may see it."""
    found = Case.objects.visible_to(by).select_for_update().filter(pk=case.pk).first()
    if found is None:
        raise NotPossible("This case isn't open to you.")
    return found


def _open_for_change(case: Case, *, by: User) -> Case:
    case = _at_the_door(case, by=by)
    if case.is_closed:
        raise NotPossible("This case is closed. Reopen it first.")
    return case


def _words(text: str, most: int) -> str:
    if not text.strip():
        raise NotPossible("Please write something.")
    return _at_most(text, most)


def _at_most(text: str, most: int) -> str:
    text = text.strip()
    if len(text) > most:
        raise NotPossible(f"Please keep it to {most:,} letters.")
    return text


def _fill(case: Case, *, by: User, about: About, contact: str, at: datetime) -> None:
    """Give a new case its key, its sealed columns and its clock, save it, and keep it from the reporter's partners.

    From everybody who was ever in a partnership with them there, whomever they say it is about (EI-6): it may be
    about a partner without saying so.
    """
    case.take_new_key()
    case.seal("sealed_reporter", by.pk)
    case.seal("sealed_subject", About(about))
    case.seal("sealed_contact", contact)
    case.seal("sealed_policy", "")
    case.reporter_fingerprint = sealing.fingerprint("reporter", by.pk)
    case.answer_due_at = clock.answer_due(at, case.programme.concern_answer_days)
    case.reference = _new_reference()
    case.save(force_insert=True)
    for person in queries.partners_of(by, case.programme):
        _keep_from(case, person)


def _keep_from(case: Case, person: User) -> None:
    exclusion = CaseExclusion(case=case, person_fingerprint=sealing.fingerprint("excluded", person.pk))
    exclusion.sealed_person = case.data_key().seal(person.pk, place=exclusion.place())
    exclusion.save(force_insert=True)


def _new_reference() -> str:
    while True:
        signs = "".join(secrets.choice(REFERENCE_SIGNS) for _ in range(6))
        reference = f"{signs[:3]}-{signs[3:]}"
        if not Case.objects.filter(reference=reference).exists():
            return reference


def _give(case: Case, *, by: User, to: User, at: datetime) -> Entry:
    case.handler = to
    case.save(update_fields=["handler"])
    return _add(case, Kind.ASSIGNED, {"by": by.pk, "given_to": to.pk}, at=at)


def _change_state(case: Case, to: State, content: dict[str, Any], *, at: datetime) -> None:
    was = case.state
    case.move_to(to)
    case.save()
    _add(case, Kind.STATE, {**content, "from": was, "to": to}, at=at)


def _add(case: Case, kind: Kind, content: dict[str, Any], *, at: datetime) -> Entry:
    """Append an entry; the caller holds the case's lock, so numbers have no gap."""
    entry = Entry(case=case, number=case.entries.count() + 1, kind=kind, at=at)
    entry.sealed_content = case.data_key().seal(content, place=entry.place())
    entry.save(force_insert=True)
    return entry


def _tell_reporter(case: Case, message: str, *, occasion: str, at: datetime) -> None:
    """Write to the reporter. Neither key nor words lead from their address to the case: the outbox isn't sealed."""
    reporter = contents.reporter_of(case)
    if reporter and reporter.is_active:
        key = sealing.fingerprint("message", f"{case.pk}/{occasion}")
        _post(case, message, to=reporter.email, key=f"{message}/{key}", url=reverse("my_concerns"), at=at)


def _tell_handlers(case: Case, message: str, *, occasion: str, at: datetime) -> None:
    readers = queries.readers_of(case)
    for person in readers:
        _post(case, message, to=person.email, key=f"{occasion}/{person.pk}", url=reverse("cases"), at=at)
    if not readers:
        _post(
            case,
            "nobody",
            to=case.programme.contact_email,
            key=f"{occasion}/nobody",
            url=reverse("home"),
            at=at,
        )


def _post(case: Case, message: str, *, to: str, key: str, url: str, at: datetime) -> None:
    post(
        f"concerns/email/{message}",
        to=to,
        key=f"concerns/{key}",
        context={"url": settings.SITE_URL + url, "answer_due_at": case.answer_due_at},
        programme=case.programme.slug,
        at=at,
    )
