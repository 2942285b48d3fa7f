"""Answering the questionnaire: who may, and by which account their answers are kept (EI-7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from applications.models import Application, State
from equality import queries, services
from mentorship.lib.refusals import NotPossible


def takes_answers(application: Application, *, on: date) -> bool:
    """Once it has been sent, whatever is decided, until the cohort ends or it is withdrawn."""
    is_sent = application.submitted_at is not None and application.state != State.WITHDRAWN
    return is_sent and not application.cohort.has_ended(on)


def answers_of(application: Application) -> dict[str, str]:
    """What its person has answered; empty if nothing. For their own page alone."""
    own = queries.own(cohort=application.cohort, account=application.user_id)
    return own.given() if own else {}


def answer(application: Application, *, by: User, answers: Mapping[str, str], at: datetime) -> None:
    """Keep the answers of who applied, in place of earlier ones; none if all are empty."""
    if not takes_answers(application, on=timezone.localdate(at)):
        raise NotPossible(
            "These questions can be answered from when you have sent an application until it ends."
        )
    services.give(cohort=application.cohort, account=by.pk, answers=answers, at=at)


def take_back(application: Application, *, by: User) -> bool:
    """Delete them, at any time: also after the cohort's end, and after withdrawing; whether there were any."""
    return services.take_back(cohort=application.cohort, account=by.pk)
