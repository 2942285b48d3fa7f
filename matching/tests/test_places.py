"""While a suggestion is offered or leaving it holds its places: no other takes them (BM-8)."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.services import offering, releasing
from matching.tests.factories import RunFactory, suggested
from matching.tests.people import mentee, mentor
from partnerships.models import Membership
from partnerships.tests.factories import pair

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-8")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)


def run_of(*pairs):
    run = RunFactory(cohort=pairs[0][0].cohort)
    for people in pairs:
        suggested(run, *people)
    return run


def release(run, **details):
    return releasing.release(run, **{"by": None, "at": NOW, **details})


def held(outcome):
    return [row.reason for row in outcome.held_back]


def introduced():
    return sorted(Membership.objects.current().values_list("application", flat=True))


def test_a_mentor_s_last_place_is_given_once_within_a_release(cohort):
    lead = mentor(cohort, places=2)
    people = [mentee(cohort) for _ in range(3)]

    outcome = release(run_of(*((lead, person) for person in people)))

    says = f"{lead.user.name} is about to be introduced elsewhere and has no further place."
    assert (outcome.released, held(outcome)) == (2, [says])


@pytest.mark.parametrize("delay", [timedelta(0), timedelta(minutes=15)])
def test_a_mentor_whose_place_is_promised_in_another_run_is_held_back(cohort, delay):
    lead, first, second = mentor(cohort), mentee(cohort), mentee(cohort)
    release(run_of((lead, first)))

    outcome = release(run_of((lead, second)), delay=delay)
    releasing.introduce_due(LATER)

    says = f"{lead.user.name} is about to be introduced elsewhere and has no further place."
    assert (outcome.released, held(outcome)) == (0, [says])
    assert introduced() == sorted([lead.pk, first.pk])


@pytest.mark.parametrize("delay", [timedelta(0), timedelta(minutes=15)])
def test_a_mentee_who_is_about_to_be_introduced_elsewhere_is_held_back(cohort, delay):
    person, first, second = mentee(cohort), mentor(cohort), mentor(cohort)
    release(run_of((first, person)))

    outcome = release(run_of((second, person)), delay=delay)
    releasing.introduce_due(LATER)

    says = f"{person.user.name} is about to be introduced elsewhere."
    assert (outcome.released, held(outcome)) == (0, [says])
    assert introduced() == sorted([first.pk, person.pk])


def test_places_that_are_called_back_can_be_given_again(cohort, admin):
    lead, first, second = mentor(cohort), mentee(cohort), mentee(cohort)
    earlier = run_of((lead, first))
    release(earlier)
    releasing.call_back(earlier.suggestions.all(), by=admin, at=NOW)

    assert release(run_of((lead, second))).released == 1


def test_who_was_introduced_is_not_introduced_again(cohort):
    made = pair(cohort=cohort)
    lead, person = (row.application for row in made.memberships.order_by("pk"))
    run = run_of((lead, mentee(cohort)), (mentor(cohort), person))

    outcome = release(run)

    assert held(outcome) == [
        f"{lead.user.name} has no free place.",
        f"{person.user.name} has been introduced already.",
    ]


def test_a_place_that_is_offered_is_given_to_nobody_else(cohort, admin):
    lead, first, second = mentor(cohort), mentee(cohort), mentee(cohort)
    offering.offer(run_of((lead, first)).suggestions.get(), by=admin, at=NOW)

    to_another = release(run_of((lead, second)))
    to_both = release(run_of((mentor(cohort), first)))

    assert held(to_another) == [
        f"{lead.user.name} is about to be introduced elsewhere and has no further place."
    ]
    assert held(to_both) == [f"{first.user.name} has been offered another place."]
