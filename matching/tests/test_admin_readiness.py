import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.tests.factories import ApplicationFactory
from matching.models import MatchRun
from matching.tests.people import mentee, mentor
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory
from programmes.tests.pages import filled_in

pytestmark = pytest.mark.django_db


def address(cohort_pk):
    return reverse("admin:matching_readiness", args=[cohort_pk])


@pytest.fixture
def page(client, admin, cohort):
    """The page of the cohort, as its administrator reads it."""
    client.force_login(admin)
    return lambda: client.get(address(cohort.pk))


def links(response):
    return set(re.findall(r'href="([^"]+)"', response.content.decode()))


def test_every_name_leads_to_the_page_that_mends_it(page, cohort):
    waiting, unready = ApplicationFactory(cohort=cohort, waiting=True), mentee(cohort, accepted=False)

    found = links(page())

    assert {
        reverse("admin:applications_application_change", args=[person.pk]) for person in (waiting, unready)
    } <= found
    assert reverse("admin:applications_application_record_acceptance") + f"?ids={unready.pk}" in found
    assert (
        reverse("admin:applications_application_changelist")
        + f"?cohort__id__exact={cohort.pk}&amp;state__exact=submitted"
    ) in found


def test_the_links_for_a_whole_group_open_with_these_people(page, client, cohort):
    waiting, unready = ApplicationFactory(cohort=cohort, waiting=True), mentee(cohort, accepted=False)
    ApplicationFactory(cohort=cohort, state="withdrawn")

    bulk = [url.replace("&amp;", "&") for url in links(page()) if "exact" in url or "ids=" in url]
    answers = {url.partition("?")[0]: client.get(url) for url in bulk}

    listed = answers[reverse("admin:applications_application_changelist")].context["cl"].result_list
    recorded = answers[reverse("admin:applications_application_record_acceptance")].context["rows"]
    assert ([row.pk for row in listed], [row.pk for row, _ in recorded]) == ([waiting.pk], [unready.pk])


def test_the_link_for_a_long_group_stays_short_enough_for_a_browser(page, cohort, monkeypatch):
    monkeypatch.setattr("matching.admin.readiness.MOST_IN_A_LINK", 2)
    for _ in range(3):
        mentee(cohort, accepted=False)

    html = page().content.decode()

    assert "Record an acceptance given elsewhere for the first 2" in html


def test_a_long_group_shows_the_first_five_and_folds_the_rest(page, cohort):
    for number in range(7):
        ApplicationFactory(cohort=cohort, waiting=True, user__name=f"Waiting name {number}")

    html = page().content.decode()

    open_, folded = html.split("<summary>And 2 more</summary>")
    assert [f"Waiting name {number}" in open_ for number in range(7)] == [True] * 5 + [False] * 2
    assert folded.count("Waiting name 5") == folded.count("Waiting name 6") == 1


def test_the_form_at_the_end_starts_a_run(page, client, cohort):
    mentor(cohort), mentee(cohort)

    answer = client.post(reverse("admin:matching_start"), filled_in(page(), "run-form"))

    run = MatchRun.objects.get()
    assert (answer.status_code, answer.url) == (302, run.get_absolute_url())
    assert (run.cohort, run.pathway, run.seed, run.is_trial) == (cohort, "", 0, False)


@pytest.mark.clause("BM-7")
def test_one_pathway_alone_may_be_chosen_where_there_are_two(page, cohort, with_circles):
    mentor(cohort), mentee(cohort)

    html = page().content.decode()

    assert re.findall(r'<option value="(\w*)">', html) == ["", "one_to_one", "circle"]


def test_an_empty_cohort_is_told_where_to_begin(page, cohort):
    html = page().content.decode()

    assert "Nobody has been accepted yet" in html
    assert "A run needs at least one mentee and one place." in html


def test_a_programme_without_pathways_is_told_to_add_one(client):
    cohort = CohortFactory()
    client.force_login(DutyFactory(programme=cohort.programme).user)

    html = client.get(address(cohort.pk)).content.decode()

    assert reverse("admin:programmes_programme_change", args=[cohort.programme.pk]) in html


def test_a_cohort_that_has_ended_has_nothing_to_run(client, admin, cohort, clock):
    mentor(cohort), mentee(cohort)
    clock.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC))
    client.force_login(admin)

    html = client.get(address(cohort.pk)).content.decode()

    assert "This cohort ended on 30 April 2026" in html
    assert 'id="run-form"' not in html


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("duty", ["administer", "eligibility"])
def test_another_programmes_cohort_answers_as_one_that_does_not_exist(client, cohort, duty):
    other = CohortFactory()
    PathwayFactory(programme=other.programme)
    ApplicationFactory(cohort=other, waiting=True)
    if duty == "eligibility":
        DutyFactory(programme=other.programme, user=(user := DutyFactory(kind=duty).user), kind=duty)
    else:
        user = DutyFactory(programme=cohort.programme).user
    client.force_login(user)

    there, missing = client.get(address(other.pk)), client.get(address(10**6))

    assert (there.status_code, there.content) == (missing.status_code, missing.content)
    assert there.status_code == 404


def test_looking_changes_nothing(page, cohort):
    mentor(cohort), mentee(cohort)

    assert page().status_code == 200
    assert MatchRun.objects.count() == 0


def test_the_page_costs_the_same_for_one_person_and_for_three(page, cohort):
    counts = []
    for people in (1, 2):
        for _ in range(people):
            mentor(cohort, "Law"), mentee(cohort, "Law"), mentee(cohort, accepted=False)
            ApplicationFactory(cohort=cohort, waiting=True)
        with CaptureQueriesContext(connection) as queries:
            page()
        counts.append(len(queries))

    assert counts[0] == counts[1]
