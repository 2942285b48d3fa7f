"""Releases and decisions at the same moment, by several administrators (BM-8)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("BM-8")
def test_overlapping_releases_and_a_decision_at_once_wait_for_one_another():
    cohort = cohort_of(10)
    mentors = list(Application.objects.filter(role="mentor").order_by("pk"))
    mentees = list(Application.objects.filter(role="mentee").order_by("pk"))
    pairs = list(zip(mentors, mentees, strict=True))
    crossed = list(zip(mentors, mentees[1:] + mentees[:1], strict=True))
    runs = [run_in_order(cohort, order) for order in (pairs, pairs[::-1], crossed, crossed[::-1])]
    admins = [DutyFactory(programme=cohort.programme).user for _ in range(5)]
    start = threading.Barrier(5)

    def act(number):
        start.wait()
        try:
            if number == 4:
                deciding.decide(mentees[::-1], to=State.WAITLISTED, by=admins[4], at=NOW)
            else:
                services.release(runs[number], by=admins[number], at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(act, range(5)))

    current = Membership.objects.current()
    introduced = list(current.filter(part="mentee").values_list("application", flat=True))
    waitlisted = list(Application.objects.filter(state=State.WAITLISTED).values_list("pk", flat=True))
    assert sorted(introduced + waitlisted) == [mentee.pk for mentee in mentees]
    assert current.filter(part="mentor").values("application").distinct().count() == len(introduced)
