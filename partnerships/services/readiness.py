"""Whether a person can be introduced at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from applications.eligibility import Answer, assess
from applications.models import Application
from applications.models import State as ApplicationState
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort
from training.queries import has_attended


def why_not_ready(application: Application, *, by: User | None, at: datetime) -> str:
    """Why a person can't be introduced at this moment, in a sentence; empty if they can (EI-1, BM-9).

    Load the application with `user` and `with_acceptance()`.
    """
    person = application.user
    if by is not None and by.pk == person.pk:
        return "You can't release a match of your own: ask a colleague to do it."
    if not person.is_active or application.state != ApplicationState.ACCEPTED:
        return f"{person} isn't accepted at the moment."
    if application.hold_until and application.hold_until > timezone.localdate(at):
        return f"{person}'s application is held until {application.hold_until:%-d %B %Y}."
    if not application.has_accepted:  # type: ignore[attr-defined]
        return f"{person} hasn't accepted the policy and guidance yet."
    return ""


def untrained(applications: Iterable[Application], *, cohort: Cohort, pathway: str) -> dict[int, str]:
    """Mentors among them whom a pathway lets nobody meet before they attended its training, each with a sentence.

    Empty where the pathway asks for none (BM-12). By application; two queries.
    """
    if not cohort.programme.pathways.filter(kind=pathway, requires_training=True).exists():
        return {}
    mentors = [application for application in applications if application.is_mentor]
    trained = has_attended([mentor.user_id for mentor in mentors], cohort.programme, pathway)
    return {
        mentor.pk: f"{mentor.user} hasn't attended the training that comes first."
        for mentor in mentors
        if mentor.user_id not in trained
    }


def refuse_unready(
    applications: Sequence[Application], *, cohort: Cohort, pathway: str, by: User | None, at: datetime
) -> None:
    """Refuse with the first person who isn't ready, and why."""
    verdicts = assess(applications)
    waiting = untrained(applications, cohort=cohort, pathway=pathway)
    for application in applications:
        if application.cohort_id != cohort.pk:
            raise NotPossible(f"{application.user} applied to another cohort.")
        if reason := why_not_ready(application, by=by, at=at):
            raise NotPossible(reason)
        if verdicts[application.pk].answer is Answer.NO:
            raise NotPossible(f"{application.user}: the programme's rules say no; see the application.")
        if application.pk in waiting:
            raise NotPossible(waiting[application.pk])
