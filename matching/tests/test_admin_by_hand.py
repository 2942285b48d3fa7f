"""Pairs by hand, and the office's decisions, in the admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.models import Decision, MatchRun
from matching.tests.factories import DecisionFactory
from matching.tests.people import mentee, mentor
from programmes.tests.factories import CohortFactory, PathwayFactory

pytestmark = pytest.mark.django_db
RUNS = "/admin/matching/matchrun/"


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def text(answer):
    return answer.content.decode()


def pair_page(cohort, **chosen):
    given = "&".join(f"{name}={value}" for name, value in chosen.items())
    return f"{RUNS}pair/{cohort.pk}/?{given}"


def fields_of(asks, offers):
    return {"mentee": asks.pk, "mentor": offers.pk, "pathway": "one_to_one"}


def test_a_pair_by_hand_is_read_before_it_is_made(office, cohort):
    offers, asks = mentor(cohort, "Law"), mentee(cohort, "Law")

    page = office.get(pair_page(cohort, **fields_of(asks, offers)))

    assert (page.context["found"].refusal, page.context["found"].fit) == ("", 10_000)
    assert (page.context["reasons"], page.context["found"].effect) == (
        ["Both chose Law."],
        "Nobody else changes.",
    )
    assert (Decision.objects.count(), MatchRun.objects.count()) == (0, 0)


def test_a_pair_by_hand_is_made_once_however_often_it_is_sent(office, cohort):
    offers, asks = mentor(cohort), mentee(cohort)

    answers = [office.post(pair_page(cohort), fields_of(asks, offers)) for _ in range(2)]

    started = MatchRun.objects.get()
    assert {answer.url for answer in answers} == {started.get_absolute_url()}
    assert Decision.objects.get().kind == "together"


def test_a_hand_pair_that_a_rule_forbids_is_refused_with_the_rule_in_words(office, cohort):
    cohort.programme.pathways.update(forbids_same_division=True)
    offers, asks = mentor(cohort, division="Library"), mentee(cohort, division="Library")
    sentence = f"A rule keeps {asks.user} and {offers.user} apart: in the same division."

    read = office.get(pair_page(cohort, **fields_of(asks, offers)))
    sent = office.post(pair_page(cohort), fields_of(asks, offers))

    assert sentence in text(read)
    assert "Pair them" not in text(read)
    assert sent.context["form"].non_field_errors() == [sentence]
    assert (Decision.objects.count(), MatchRun.objects.count()) == (0, 0)


def test_only_who_is_free_can_be_paired_and_never_the_reader(office, admin, cohort):
    offers, asks = mentor(cohort), mentee(cohort)
    mentor(cohort, places=0), mentee(cohort, accepted=False)
    mentor(cohort, user=admin), mentee(cohort, user=admin)

    form = office.get(pair_page(cohort)).context["form"]

    assert [list(form.fields[name].queryset) for name in ("mentee", "mentor")] == [[asks], [offers]]


def test_somebody_who_was_left_out_is_chosen_already(office, cohort):
    asks = mentee(cohort)

    form = office.get(pair_page(cohort, mentee=asks.pk)).context["form"]

    assert (form.is_bound, form["mentee"].initial) == (False, str(asks.pk))


def test_the_pathway_is_asked_where_there_are_two(office, cohort, with_circles):
    page = office.get(pair_page(cohort))

    assert [field.name for field in page.context["form"].visible_fields()] == ["mentee", "mentor", "pathway"]


def test_what_the_office_decided_is_listed_and_taken_back(office, admin, cohort):
    kept = DecisionFactory(
        cohort=cohort, mentee=mentee(cohort), mentor=mentor(cohort), kind="never", reason="Cousins", by=admin
    )
    gone = DecisionFactory(cohort=cohort, mentee=mentee(cohort), mentor=mentor(cohort))
    address = f"{RUNS}decisions/{cohort.pk}/"

    page = office.get(address)
    answers = [office.post(f"{address}take-back/", {"decision": gone.pk}, follow=True) for _ in range(2)]

    assert list(page.context["decisions"]) == [gone, kept]
    assert "Cousins" in text(page)
    assert ["Taken back" in text(answers[0]), "taken back already" in text(answers[1])] == [True, True]
    assert list(Decision.objects.all()) == [kept]


@pytest.mark.clause("ALL-1")
def test_another_programmes_decision_and_cohort_are_not_there(office, cohort):
    other = CohortFactory()
    PathwayFactory(programme=other.programme)
    theirs = DecisionFactory(cohort=other, mentee=mentee(other), mentor=mentor(other))

    for place in (other.pk, 10**6):
        assert office.get(f"{RUNS}pair/{place}/").status_code == 404
        assert office.get(f"{RUNS}decisions/{place}/").status_code == 404
        assert office.post(f"{RUNS}decisions/{place}/take-back/", {"decision": theirs.pk}).status_code == 404
    for number in (theirs.pk, 10**6, "x", ""):
        answer = office.post(f"{RUNS}decisions/{cohort.pk}/take-back/", {"decision": number}, follow=True)
        assert "That has been taken back already." in text(answer)
    assert list(Decision.objects.all()) == [theirs]


def test_an_administrator_does_not_read_what_was_decided_about_them(office, admin, cohort):
    own = DecisionFactory(
        cohort=cohort,
        mentee=mentee(cohort, user=admin),
        mentor=mentor(cohort),
        kind="never",
        reason="Cousins",
    )
    address = f"{RUNS}decisions/{cohort.pk}/"

    page = office.get(address)
    office.post(f"{address}take-back/", {"decision": own.pk})

    assert list(page.context["decisions"]) == []
    assert "Cousins" not in text(page)
    assert Decision.objects.get() == own


@pytest.mark.parametrize("name", ["pair", "decisions"])
def test_pages_of_a_cohort_cost_the_same_queries_for_one_and_for_three(office, cohort, name):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            DecisionFactory(cohort=cohort, mentee=mentee(cohort), mentor=mentor(cohort))
        with CaptureQueriesContext(connection) as queries:
            office.get(f"{RUNS}{name}/{cohort.pk}/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_lock_that_pairing_would_take_back_is_said_before(office, cohort):
    offers, asks, other = mentor(cohort), mentee(cohort), mentor(cohort)
    DecisionFactory(cohort=cohort, mentee=asks, mentor=other)

    page = office.get(pair_page(cohort, **fields_of(asks, offers)))

    assert f"With {other.user.name}: pairing them takes that back." in text(page)


def test_a_lock_with_the_reader_themselves_is_not_told(office, admin, cohort):
    offers, asks = mentor(cohort), mentee(cohort)
    DecisionFactory(cohort=cohort, mentee=asks, mentor=mentor(cohort, user=admin))

    page = office.get(pair_page(cohort, **fields_of(asks, offers)))

    assert page.context["lock"] is None
