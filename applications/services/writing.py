"""What a person does with their own application: begin, save, submit, accept the policy, withdraw."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.eligibility import is_blank
from applications.models import Application, PolicyAcceptance, State
from applications.outside import answers_outside
from applications.services import accepting, continuing
from declarations import services as declarations
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from programmes.facts import FACTS, Kind
from programmes.models import Cohort, Role

_RUNNING = {State.SUBMITTED, State.QUERIED, State.WAITLISTED, State.ACCEPTED}


@transaction.atomic
def start(*, by: User, cohort: Cohort, role: str, at: datetime) -> Application:
    """The person's application in this cohort and role: the one they have, or a new draft while sign-up is open.

    One that was withdrawn becomes a draft again. A new draft of somebody who said that they would like to continue
    starts from their answers of then (EI-3).
    """
    is_open = cohort.is_open_for_sign_up(timezone.localdate(at))
    existing = (
        Application.objects.select_for_update(no_key=True).filter(user=by, cohort=cohort, role=role).first()
    )
    if existing and not (existing.state == State.WITHDRAWN and is_open):
        return existing
    if existing:
        existing.move_to(State.DRAFT)
        existing.started_at, existing.submitted_at = at, None
        existing.save(update_fields=["state", "started_at", "submitted_at"])
        return existing
    if not is_open:
        raise NotPossible("Sign-up for this programme isn't open at the moment.")
    if not cohort.programme.asks.filter(role=role).exists():
        raise NotPossible("This programme takes no applications in this role.")
    application, is_new = Application.objects.get_or_create(
        user=by, cohort=cohort, role=role, defaults={"started_at": at}
    )
    if is_new and (earlier := continuing.earlier_application(user=by, cohort=cohort, role=role)):
        for fact, value in continuing.answers_of(earlier, cohort).items():
            _set(application, fact, value)
        application.save()
    return application


@transaction.atomic
def save_answers(
    application: Application, *, by: User, answers: Mapping[str, Any], at: datetime
) -> Application:
    """Keep clean answers (see `applications.answers`) by fact; facts that the programme doesn't ask are refused.

    A draft may have gaps; once handed in, required answers can be changed but not taken away. `hold_until` comes
    with `has_mentor_until` and falls with it (BM-9).
    """
    application = _own(application, by=by)
    if application.state not in {State.DRAFT, *_RUNNING}:
        raise NotPossible("This application is closed and can't be changed any more.")
    asked = set(
        application.cohort.programme.asks.filter(role=application.role).values_list("fact", flat=True)
    )
    for fact, value in answers.items():
        _keep(application, fact, value, asked)
    if application.has_mentor_until is None:
        application.hold_until = None
    elif application.hold_until and application.hold_until > application.has_mentor_until:
        raise NotPossible("An application is held until the other mentoring ends, and no longer.")
    application.save()
    if application.state in _RUNNING and (missing := missing_answers(application)):
        raise NotPossible(f"Please answer: {', '.join(missing)}.")
    return application


def _keep(application: Application, fact: str, value: Any, asked: Collection[str]) -> None:
    if fact == "hold_until" and "has_mentor_until" in asked:
        application.hold_until = value
    elif fact not in asked:
        raise NotPossible(f"This programme doesn't ask for “{FACTS[fact].label if fact in FACTS else fact}”.")
    elif FACTS[fact].kind is not Kind.DECLARATION:
        _set(application, fact, value)


def _set(application: Application, fact: str, value: Any) -> None:
    if FACTS[fact].kind is Kind.CHOICES:
        getattr(application, fact).set(value)
    else:
        setattr(application, fact, value)


@transaction.atomic
def submit(
    application: Application,
    *,
    by: User,
    at: datetime,
    accepts_policy: bool,
    declares: bool = False,
    version: int | None = None,
    guidance: int | None = None,
) -> Application:
    """Hand the application in with the acceptance of the texts in force (EI-1, EI-1a) and the declaration (BM-2).

    `version` and `guidance` are those that were shown, as in `accept_policy`. Twice is once. NotPossible if something
    required is missing, or an answer is outside the programme for now (BM-3): nothing is kept then, so nobody declares
    anything about themselves for an application that can't be taken.
    """
    application = _own(application, by=by)
    if application.state in {State.SUBMITTED, State.ACCEPTED, State.WAITLISTED}:
        return application
    _refuse_incomplete(application, accepts_policy=accepts_policy, at=at)
    _keep_declaration(application, by=by, at=at, declares=declares)
    accept_policy(application, by=by, at=at, version=version, guidance=guidance)
    application.move_to(State.SUBMITTED)
    application.submitted_at = at
    application.save(update_fields=["state", "submitted_at"])
    outbox.post(
        "applications/email/received",
        to=by.email,
        key=f"received/{application.pk}/{at.timestamp():.0f}",
        programme=application.cohort.programme.slug,
        context=message_context(application),
        at=at,
    )
    return application


def _keep_declaration(application: Application, *, by: User, at: datetime, declares: bool) -> None:
    if not application.cohort.programme.declaration_wording:
        return
    if not declares and not declarations.has_declared(user=by, cohort=application.cohort):
        raise NotPossible("Please make the declaration; the programme is open to those who can.")
    declarations.declare(by=by, cohort=application.cohort, at=at)


def _refuse_incomplete(application: Application, *, accepts_policy: bool, at: datetime) -> None:
    if application.state == State.DRAFT and not application.cohort.is_open_for_sign_up(
        timezone.localdate(at)
    ):
        raise NotPossible("Sign-up for this programme has closed. Your draft is kept.")
    if missing := missing_answers(application):
        raise NotPossible(f"Please answer first: {', '.join(missing)}.")
    if outside := answers_outside(application):
        raise NotPossible(f"The programme isn't open yet to: {', '.join(outside)}.")
    if not accepts_policy:
        raise NotPossible("Please accept the commitments and the policy; nobody can be matched without.")


@transaction.atomic
def accept_policy(
    application: Application,
    *,
    by: User,
    at: datetime,
    version: int | None = None,
    guidance: int | None = None,
) -> PolicyAcceptance:
    """Keep that the person accepted the texts in force, and when: their cohort's policy and the newest guidance.

    `version` and `guidance` are those that were shown to them (`accepting.NO_GUIDANCE` for none): if another has come
    meanwhile, they read that first. Again changes nothing. Gives the acceptance of the policy.
    """
    application = _own(application, by=by)
    texts = accepting.in_force(application.cohort)
    accepting.refuse_unread(texts, version=version, guidance=guidance)
    web = PolicyAcceptance.Source.WEB
    return accepting.keep(application, texts, accepted_at=at, at=at, source=web)[0]


@transaction.atomic
def withdraw(application: Application, *, by: User, at: datetime) -> Application:
    """Take an application back. Who has been introduced turns to the office instead: somebody counts on them."""
    application = _own(application, by=by)
    introduced = Application.objects.with_introduction().get(pk=application.pk).is_introduced  # type: ignore[attr-defined]
    if introduced:
        contact = application.cohort.programme.contact_email
        raise NotPossible(
            f"You have been introduced already. Please write to {contact}: they will help you both."
        )
    application.move_to(State.WITHDRAWN)
    application.save(update_fields=["state"])
    outbox.withdraw(f"taken-up/{application.pk}", at=at)
    accepting.stop_asking(application, at=at)
    return application


def missing_answers(application: Application) -> list[str]:
    """Labels of the required questions without an answer, in the form's order."""
    asks = application.cohort.programme.asks.filter(role=application.role, is_required=True)
    return [ask.label for ask in asks if is_blank(application, ask.fact)]


def _own(application: Application, *, by: User) -> Application:
    locked = Application.objects.select_for_update(of=("self",), no_key=True).select_related(
        "cohort__programme", "cohort__policy"
    )
    application = locked.get(pk=application.pk)
    if application.user_id != by.pk:
        raise NotPossible("This application belongs to somebody else.")
    return application


def message_context(application: Application) -> dict[str, Any]:
    """What a message about an application may say to the person it belongs to."""
    return {
        "name": application.user.name,
        "programme": application.cohort.programme,
        "cohort": application.cohort,
        "role": Role(application.role).label.lower(),
        "reason": application.reason,
        "has_accepted": getattr(application, "has_accepted", True),
        "application_url": settings.SITE_URL + reverse("application", args=[application.pk]),
        "help_url": settings.SITE_URL + reverse("concern"),
    }
