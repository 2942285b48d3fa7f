"""A concern comes in: with a name, or without one and with a code in return."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from concerns import clock, limits, queries, sealing
from concerns.models import About, AtRisk, Case, Category, Kind
from concerns.services import excluding, telling
from concerns.services.recording import append
from mentorship.lib.refusals import NotPossible
from programmes.models import Programme

# No vowels, so that nothing spells a word, and nothing that is read for something else.
SIGNS = "23456789BCDFGHJKMNPQRTVWXYZ"
CODE_SIGNS = 16  # of 27: 76 bits


@dataclass(frozen=True, repr=False)
class Report:
    """What somebody wrote. `named` are the people whom it is about or who must not read it; `key` is of the form."""

    programme: Programme
    category: Category
    about: About
    at_risk: AtRisk
    text: str
    key: str
    contact: str = ""
    named: str = ""

    def within_limits(self) -> Report:
        """As it is kept. NotPossible if it has no words or too many."""
        return replace(
            self,
            text=limits.words(self.text),
            contact=limits.at_most(self.contact, limits.MOST_CONTACT_LETTERS),
            named=limits.at_most(self.named, limits.MOST_NAMES_LETTERS),
        )

    def said(self) -> list[Any]:
        """What makes two sendings the same: all of it, and the form that it came from.

        A form whose key isn't one that we made is nobody's twin: two people who write the same word share no case.
        """
        try:
            form = str(uuid.UUID(self.key))
        except ValueError:
            form = str(uuid.uuid4())
        chosen = [self.category, self.about, self.at_risk]
        return [self.programme.pk, form, *chosen, self.text, self.contact, self.named]


@dataclass(frozen=True)
class Receipt:
    """For who wrote without a name: the case, and the code that opens it and isn't kept anywhere."""

    case: Case
    code: str


@sensitive_variables()
def file(report: Report, *, by: User, at: datetime) -> Case:
    """Keep a concern, acknowledge it and tell its handlers (EI-6). The same form sent twice gives the first case."""
    if not queries.programmes_open_to(by).filter(pk=report.programme.pk).exists():
        raise NotPossible("You can’t write to this programme here.")
    report = report.within_limits()
    marks = _marks("receipt", [by.pk, *report.said()])

    def fill(case: Case) -> None:
        case.seal("sealed_reporter", by.pk)
        case.reporter_fingerprint = sealing.fingerprint("reporter", by.pk)

    return _keep(report, marks, fill, partners=queries.partners_of(by), at=at)


@sensitive_variables()
def file_anonymously(report: Report, *, at: datetime) -> Receipt:
    """Keep a concern of somebody who gives no name, and give the code by which they come back.

    Nothing of who they are is asked or kept, also where they are signed in. The code is made of what was sent and a
    key of this server, so that the same form sent twice gives the same case and the same code without keeping it.
    """
    if not queries.programmes_for_anonymous().filter(pk=report.programme.pk).exists():
        raise NotPossible("This programme takes nothing without a name.")
    report = report.within_limits()
    said = [None, *report.said()]
    marks, codes = _marks("receipt", said), _codes(said)
    if not Case.objects.filter(receipt_key__in=marks).exists():
        _refuse_a_flood(report.programme, at)

    def fill(case: Case) -> None:
        case.seal("sealed_reporter", None)
        case.code_fingerprint = sealing.fingerprint_of_code(codes[0])

    case = _keep(report, marks, fill, partners=[], at=at)
    code = next(code for code in codes if sealing.fingerprint_of_code(code) == case.code_fingerprint)
    return Receipt(case=case, code=code)


def _marks(purpose: str, said: list[Any]) -> list[str]:
    return sealing.fingerprints(purpose, json.dumps(said))


def _codes(said: list[Any]) -> list[str]:
    """The code of what was said, under each key of the environment."""
    return [_spelt(secret) for secret in sealing.secrets_for("code", json.dumps(said))]


def _spelt(secret: bytes) -> str:
    number, signs = int.from_bytes(secret), []
    for _ in range(CODE_SIGNS):
        number, place = divmod(number, len(SIGNS))
        signs.append(SIGNS[place])
    return "".join(signs)


def _refuse_a_flood(programme: Programme, at: datetime) -> None:
    recent = Case.objects.filter(
        programme=programme, reporter_fingerprint="", created_at__gt=at - timedelta(hours=1)
    )
    if recent.count() >= limits.MOST_ANONYMOUS_AN_HOUR:
        raise NotPossible(
            f"Very much has come in just now. Please write to {programme.contact_email} or ring."
        )


def _keep(
    report: Report,
    marks: list[str],
    fill: Callable[[Case], None],
    *,
    partners: list[User],
    at: datetime,
) -> Case:
    """The case of a report, new or known; `marks` are its receipt under each key, the newest first."""
    if known := Case.objects.filter(receipt_key__in=marks).first():
        return known
    case = Case(
        programme=report.programme,
        receipt_key=marks[0],
        category=report.category,
        at_risk=report.at_risk,
        created_at=at,
        unanswered_since=at,
        reference=_new_reference(),
    )
    case.answer_due_at = due(case, at)
    try:
        with transaction.atomic():
            _save(case, report, fill)
            append(case, Kind.FILED, {"text": report.text, "named": report.named}, at=at)
            excluding.keep_from_people(case, partners)
            excluding.keep_from_named(case, report.named)
            excluding.keep_from_told(case, report.text, report.contact)
            telling.tell_reporter(case, "received", occasion="received", at=at)
            telling.tell_handlers(case, "waiting", occasion="filed", at=at)
    except IntegrityError:
        return Case.objects.get(receipt_key__in=marks)
    return case


def due(case: Case, at: datetime) -> datetime:
    """Until when what comes in now is answered; the same day where somebody is at risk."""
    is_urgent = case.at_risk == AtRisk.YES
    return clock.answer_due(at, case.programme.concern_answer_days, is_urgent=is_urgent)


def _save(case: Case, report: Report, fill: Callable[[Case], None]) -> None:
    case.take_new_key()
    fill(case)
    case.seal("sealed_subject", About(report.about))
    case.seal("sealed_contact", report.contact)
    case.seal("sealed_policy", "")
    case.save(force_insert=True)


def _new_reference() -> str:
    while True:
        signs = "".join(secrets.choice(SIGNS) for _ in range(6))
        reference = f"{signs[:3]}-{signs[3:]}"
        if not Case.objects.filter(reference=reference).exists():
            return reference
