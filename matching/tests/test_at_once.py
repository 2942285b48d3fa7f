"""Releases and decisions at the same moment, by several administrators (BM-8)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import connection

from applications.models import Application, State
from applications.services import deciding
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from matching import services
from matching.models import MatchRun, SuggestedMember, Suggestion
from partnerships.models import Membership
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, DutyFactory, PathwayFactory

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


def cohort_of(people):
    """A cohort with so many mentors of one place each, and as many mentees."""
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme)
    for direction in ("of_mentor", "of_mentee"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
    for factory in (MentorFactory, ApplicationFactory):
        for _ in range(people):
            PolicyAcceptanceFactory(application=factory(cohort=cohort))
    return cohort


def run_in_order(cohort, pairs):
    """A run that suggests these pairs of a mentor and a mentee, in this order."""
    run = MatchRun.objects.create(cohort=cohort, started_at=NOW, weights={}, input_hash="")
    for pair in pairs:
        suggestion = Suggestion.objects.create(run=run, pathway="one_to_one", fit=1)
        for application in pair:
            SuggestedMember.objects.create(
                suggestion=suggestion, application=application, part=application.role
            )
    return run


def at_once(*acts):
    """Do all of these at the same moment, each with a connection of its own; raises what any of them raises."""
    start = threading.Barrier(len(acts))

    def act(number):
        start.wait()
        try:
            acts[number]()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(act, range(len(acts))))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("BM-8")
def test_overlapping_releases_at_once_wait_for_one_another_and_introduce_everybody_once():
    cohort = cohort_of(8)
    mentors, mentees = cohort.applications.filter(role="mentor"), cohort.applications.filter(role="mentee")
    pairs = list(zip(mentors, mentees, strict=True))
    crossed = list(zip(mentors, [*mentees[1:], mentees[0]], strict=True))
    runs = [run_in_order(cohort, order) for order in (pairs, pairs[::-1], crossed, crossed[::-1])]
    admins = [DutyFactory(programme=cohort.programme).user for _ in runs]

    at_once(*(partial(services.release, run, by=by, at=NOW) for run, by in zip(runs, admins, strict=True)))

    introduced = Membership.objects.current().order_by("application").values_list("application", flat=True)
    assert list(introduced) == sorted(application.pk for application in [*mentors, *mentees])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_whoever_is_introduced_at_the_moment_of_a_decision_is_not_decided_any_more(attempt):
    cohort = cohort_of(8)
    mentors, mentees = cohort.applications.filter(role="mentor"), cohort.applications.filter(role="mentee")
    run = run_in_order(cohort, zip(mentors, mentees, strict=True))
    one, other = (DutyFactory(programme=cohort.programme).user for _ in range(2))

    at_once(
        partial(services.release, run, by=one, at=NOW),
        partial(deciding.decide, mentees[::-1], to=State.WAITLISTED, by=other, at=NOW),
    )

    introduced = Membership.objects.current().filter(part="mentee").values_list("application", flat=True)
    waiting = Application.objects.filter(state=State.WAITLISTED).values_list("pk", flat=True)
    assert sorted([*introduced, *waiting]) == sorted(mentee.pk for mentee in mentees)
