"""A run as the office sees it: read from the database, solved, explained and stored.

Runs in a process and a database of its own, once Django is set up: see `measuring.office`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from applications.models import Application, PolicyAcceptance, State
from benchmarks import instances
from matching import gathering
from matching.services import runs
from programmes.countries import NAMES
from programmes.models import Cohort, Option

PROGRAMME, COHORT, PATHWAY = "ei-alumni", "2025-26", "one_to_one"


def main(mentees: int, times: int) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    call_command("install_programmes", stdout=sys.stderr)
    cohort, at = fill(mentees)
    measured = [one_run(cohort, at) for _ in range(times)]
    medians = {name: median(float(one[name]) for one in measured) for name in ("whole", "reading", "solving")}
    return {
        **measured[0],
        **medians,
        "around": medians["whole"] - medians["solving"],
        "storing": medians["whole"] - medians["reading"] - medians["solving"],
    }


def one_run(cohort: Cohort, at: datetime) -> dict[str, Any]:
    """Seconds of the whole, of reading the people (once more, alone) and of the engine by its own clock."""
    reading, pool = clocked(lambda: gathering.gather(cohort, on=timezone.localdate(at), pathway=PATHWAY))
    whole, made = clocked(lambda: runs.run(cohort=cohort, by=None, at=at, pathway=PATHWAY))
    return {
        "mentees": len(pool.mentees),
        "mentors": len(pool.mentors),
        "placed": made.placed,
        "optimal": made.is_optimal,
        "whole": whole,
        "reading": reading,
        "solving": made.seconds,
    }


def clocked(act: Callable[[], Any]) -> tuple[float, Any]:
    began = perf_counter()
    result = act()
    return perf_counter() - began, result


def fill(mentees: int) -> tuple[Cohort, datetime]:
    """Accepts that many invented students, and half as many graduates with places for all of them."""

    cohort = Cohort.objects.select_related("programme").get(programme__slug=PROGRAMME, slug=COHORT)
    at = timezone.make_aware(datetime.combine(cohort.starts_on, time(9, 30)))
    draw = np.random.default_rng(instances.SEED)
    places = instances.capacities(draw, mentees).tolist()
    options = {fact: options_of(cohort, fact) for fact in ("sectors", "support_areas", "study_programme")}
    students, graduates = people("student", mentees), people("graduate", len(places))
    answers = [*student_answers(draw, mentees, options), *graduate_answers(draw, places, options)]
    apply(cohort, at, zip([*students, *graduates], answers, strict=True))
    choose(draw, cohort, options)
    return cohort, at


def options_of(cohort: Cohort, fact: str) -> list[Option]:
    return list(cohort.programme.options.filter(fact=fact))


def people(kind: str, count: int) -> list[User]:
    """Accounts with a proved School address, which is what lets a student in."""

    made = User.objects.bulk_create(
        User(email=f"{kind}-{number}@lse.example", name=f"{kind.title()} {number}", password="!")
        for number in range(count)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )
    return made


def student_answers(
    draw: np.random.Generator, count: int, options: dict[str, list[Option]]
) -> Iterator[dict[str, Any]]:
    countries = countries_drawn(draw, count)
    courses = draw.integers(0, len(options["study_programme"]), size=count)
    for country, course in zip(countries, courses.tolist(), strict=True):
        study = options["study_programme"][course].name
        yield {"role": "mentee", "study_programme": study, "work_place": country}


def graduate_answers(
    draw: np.random.Generator, places: list[int], options: dict[str, list[Option]]
) -> Iterator[dict[str, Any]]:
    countries = countries_drawn(draw, len(places))
    courses = draw.integers(0, len(options["study_programme"]), size=len(places))
    for country, course, room in zip(countries, courses.tolist(), places, strict=True):
        studied = options["study_programme"][course].name
        known = {"courses": studied, "graduation_year": 2015, "job_role": "Adviser", "country": country}
        yield {"role": "mentor", "places": room, **known}


def countries_drawn(draw: np.random.Generator, count: int) -> list[str]:

    return [NAMES[number] for number in draw.integers(0, instances.COUNTRIES, size=count).tolist()]


def apply(cohort: Cohort, at: datetime, answered: Iterable[tuple[User, dict[str, Any]]]) -> None:
    """Accepted applications that accepted the policy."""

    moments = {"started_at": at, "submitted_at": at, "decided_at": at}
    made = Application.objects.bulk_create(
        Application(user=user, cohort=cohort, state=State.ACCEPTED, **moments, **answers)
        for user, answers in answered
    )
    PolicyAcceptance.objects.bulk_create(
        PolicyAcceptance(application=each, policy_version=cohort.policy, accepted_at=at, source="web")
        for each in made
    )


def choose(draw: np.random.Generator, cohort: Cohort, options: dict[str, list[Option]]) -> None:
    """One to four sectors and areas of support for everybody."""

    everybody = list(cohort.applications.values_list("pk", flat=True))
    for fact in ("sectors", "support_areas"):
        rows: Any = getattr(Application, fact).through
        keys = [option.pk for option in options[fact]]
        chosen = instances.some_of(draw, len(everybody), len(keys), 4)
        rows.objects.bulk_create(
            rows(application_id=everybody[person], option_id=keys[option])
            for person, option in np.argwhere(chosen).tolist()
        )
