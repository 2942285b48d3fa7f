"""A cohort for a rehearsal: dates from the programme's latest one, invented people, all by the real services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.models import User
from applications.models import Application, State
from applications.services import deciding, writing
from mentorship.lib.refusals import NotPossible
from overview.simulation.history import Programme as Asked
from overview.simulation.lives import Person
from programmes.facts import FACTS, Kind
from programmes.models import Cohort, Duty, KeyDate, Pathway, Programme, Role

_PLAIN: dict[Kind, Any] = {
    Kind.TEXT: "Invented for a rehearsal",
    Kind.YEAR: 2012,
    Kind.COUNTRY: "Belgium",
    Kind.PLACE: "Belgium",
    Kind.EMAIL: "line.manager@lse.example",
    Kind.LINKEDIN: "https://www.linkedin.com/in/invented-example",
}


def open_cohort(programme: Programme, *, start: date) -> Cohort:
    """A new cohort that begins on a day, as long as the programme's latest and with its key dates moved along."""
    template = programme.cohorts.exclude(slug__startswith="rehearsal-").order_by("-starts_on").first()
    if template is None:
        raise NotPossible("This programme has no cohort yet whose dates could be taken.")
    number = programme.cohorts.filter(slug__startswith="rehearsal-").count() + 1
    shift = start - template.starts_on
    cohort = Cohort.objects.create(
        programme=programme,
        slug=f"rehearsal-{number}",
        name=f"Rehearsal {number}",
        sign_up_opens_on=start - timedelta(days=60),
        sign_up_closes_on=start - timedelta(days=20),
        starts_on=start,
        ends_on=template.ends_on + shift,
        policy=template.policy,
    )
    KeyDate.objects.bulk_create(
        KeyDate(
            cohort=cohort,
            kind=row.kind,
            title=row.title,
            opens_on=row.opens_on + shift,
            closes_on=row.closes_on + shift,
        )
        for row in template.key_dates.all()
    )
    return cohort


def asked_of(cohort: Cohort) -> Asked:
    """What the cohort asks of its partnerships, as plain facts."""
    programme = cohort.programme
    windows = cohort.key_dates.filter(kind=KeyDate.Kind.MEETING).values_list("opens_on", "closes_on")
    least, most = programme.weeks_between_meetings_least, programme.weeks_between_meetings_most
    circle = programme.pathways.filter(kind=Pathway.Kind.CIRCLE).first()
    return Asked(
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        official=programme.official_meetings,
        windows=tuple(windows),
        weeks=(least, most) if least and most else None,
        first_days=programme.first_meeting_within_days,
        again_days=programme.days_between_reminders,
        told_after_days=programme.days_until_the_office_is_told,
        smallest_circle=circle.smallest if circle else 3,
    )


def office_of(cohort: Cohort) -> User:
    """Somebody invented who administers the programme in this rehearsal; nobody can sign in as them."""
    user = _user(f"{cohort.slug}.{cohort.programme.slug}.office@lse.example", "Rehearsal Office")
    Duty.objects.create(user=user, programme=cohort.programme, kind=Duty.Kind.ADMINISTER)
    return user


def apply_all(cohort: Cohort, people: Sequence[Person], *, office: User, at: datetime) -> list[Application]:
    """Everybody's application, sent and accepted, in their order."""
    opened = at - timedelta(days=40)
    made = [_apply(cohort, person, at=opened) for person in people]
    outcome = deciding.decide(made, to=State.ACCEPTED, by=office, at=at)
    if outcome.refused:
        raise NotPossible(f"An invented person isn't accepted: {outcome.refused[0][1]}")
    return made


def _apply(cohort: Cohort, person: Person, *, at: datetime) -> Application:
    domain = settings.SCHOOL_EMAIL_DOMAINS[-1]
    user = _user(f"{cohort.slug}.{cohort.programme.slug}.{person.number}@{domain}", person.name, person.zone)
    application = writing.start(
        by=user, cohort=cohort, role=Role.MENTOR if person.is_mentor else Role.MENTEE, at=at
    )
    writing.save_answers(application, by=user, answers=_answers(cohort, application, person), at=at)
    return writing.submit(application, by=user, at=at, accepts_policy=True, declares=True)


def _user(email: str, name: str, zone: str = "Europe/London") -> User:
    user = User.objects.create_user(email, name=name, time_zone=zone)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _answers(cohort: Cohort, application: Application, person: Person) -> dict[str, Any]:
    """Something for every question of the programme, whatever it asks."""
    options: dict[str, list[Any]] = {}
    for option in cohort.programme.options.filter(is_open=True, is_eligible=True):
        options.setdefault(option.fact, []).append(option)
    given: dict[str, Any] = {
        "places": person.places if person.is_mentor else 0,
        "can_facilitate": person.leads,
        "pathway": Application.PathwayChoice.CIRCLE if person.in_circle else "one_to_one",
        "band": 9 if person.is_mentor else 5,
        "other_mentees": 0,
        "circle_email": True,
    }
    answers = {}
    for ask in cohort.programme.asks.filter(role=application.role):
        kind = FACTS[ask.fact].kind
        if ask.fact in given:
            answers[ask.fact] = given[ask.fact]
        elif kind is Kind.CHOICE:
            answers[ask.fact] = options[ask.fact][0].name
        elif kind is Kind.CHOICES:
            answers[ask.fact] = options[ask.fact][:2]
        elif kind in _PLAIN and ask.is_required:
            answers[ask.fact] = _PLAIN[kind]
    return answers
