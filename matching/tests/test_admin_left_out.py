"""Somebody whom a run left out, in the admin."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from matching.models import Exclusion
from matching.tests.factories import ExclusionFactory, RunFactory
from matching.tests.people import mentee, mentor, run
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory

pytestmark = pytest.mark.django_db
RUNS = "/admin/matching/matchrun/"


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def page_of(exclusion):
    return f"{RUNS}left-out/{exclusion.pk}/"


def text(answer):
    return answer.content.decode()


def left_out_of(cohort):
    return run(cohort).exclusions.get(application__role="mentee")


@pytest.mark.clause("EI-M")
def test_a_mentee_who_was_left_out_is_read_with_what_would_place_them(office, cohort):
    offers = mentor(cohort)
    mentee(cohort), mentee(cohort)
    exclusion = left_out_of(cohort)

    page = office.get(page_of(exclusion))

    assert f"One more place with {offers.user} would place them. Nobody else changes." in text(page)
    assert exclusion.reason in text(page)
    assert f'action="{RUNS}start-for/{exclusion.application_id}/"' in text(page)


def test_a_mentor_without_a_mentee_is_read_with_the_reason(office, cohort):
    mentor(cohort)
    exclusion = run(cohort).exclusions.get()

    page = office.get(page_of(exclusion))

    assert "Nobody is waiting for a mentor." in text(page)
    assert page.context["help"].ways == ()


def test_an_administrator_who_was_left_out_does_not_read_why(office, admin, cohort):
    mentee(cohort, user=admin)
    exclusion = left_out_of(cohort)

    page = text(office.get(page_of(exclusion)))

    assert "A match of your own: a colleague reviews it." in page
    assert exclusion.reason not in page


@pytest.mark.clause("ALL-1")
def test_another_programmes_person_answers_as_a_missing_one(office):
    other = CohortFactory()
    PathwayFactory(programme=other.programme)
    theirs = ExclusionFactory(run=RunFactory(cohort=other), application=mentee(other))

    answers = [office.get(page_of(exclusion)).status_code for exclusion in (theirs, Exclusion(pk=10**6))]

    assert answers == [404, 404]


@pytest.mark.clause("ALL-1")
def test_who_only_decides_eligibility_reads_nobody_left_out(client, cohort):
    exclusion = ExclusionFactory(run=RunFactory(cohort=cohort), application=mentee(cohort))
    client.force_login(DutyFactory(programme=cohort.programme, kind="eligibility").user)

    assert client.get(page_of(exclusion)).status_code == 404


def test_the_page_costs_the_same_queries_for_one_left_out_and_for_three(office, cohort):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            mentee(cohort)
        exclusion = run(cohort).exclusions.order_by("pk")[0]
        with CaptureQueriesContext(connection) as queries:
            office.get(page_of(exclusion))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_new_mentors_that_would_help_are_listed():
    said = ["One more mentor in Law would place one more."]

    assert "<li>One more mentor in Law would place one more.</li>" in render_to_string(
        "admin/matching/newcomers.html", {"newcomers": said}
    )
    assert render_to_string("admin/matching/newcomers.html", {"newcomers": []}).strip() == ""
