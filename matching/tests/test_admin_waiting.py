from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.models import MatchRun, Offer
from matching.services import offering
from matching.tests.factories import ExclusionFactory, RunFactory, suggested
from matching.tests.people import mentee, mentor
from outbox.models import Message
from overview.tests.answers import without_token
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def page_of(cohort):
    return reverse("admin:matching_waiting", args=[cohort.pk])


def offered(cohort, admin):
    return offering.offer(
        suggested(RunFactory(cohort=cohort), mentor(cohort), mentee(cohort)), by=admin, at=NOW
    )


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_the_list_says_who_waits_where_and_why(office, cohort):
    mentor(cohort, places=2)
    person, _ = mentee(cohort), mentee(cohort)
    ExclusionFactory(run=RunFactory(cohort=cohort), application=person, reason="No mentor has a place left.")

    answer = office.get(page_of(cohort))

    text = answer.content.decode()
    rows = answer.context["page"].object_list
    assert [(row.place, row.of) for row in rows] == [(1, 2), (2, 2)]
    assert [text.count(words) for words in ("1 of 2", "2 of 2", "No mentor has a place left.")] == [1, 1, 1]
    assert text.count("Hasn’t been in a run yet.") == 1
    assert answer.context["free"].pairs == 2


def test_an_empty_list_says_so(office, cohort):
    assert "Nobody is waiting." in office.get(page_of(cohort)).content.decode()


def test_who_is_ticked_is_written_to(office, cohort):
    ticked, other = mentee(cohort), mentee(cohort)

    answer = office.post(page_of(cohort), {"application": [ticked.pk]}, follow=True)

    assert said(answer) == ["Letters written: 1."]
    assert [message.to for message in Message.objects.all()] == [ticked.user.email]
    assert [row.letter is not None for row in answer.context["page"].object_list] == [True, False]
    assert f'value="{other.pk}"' in answer.content.decode()


def test_whoever_had_the_letter_is_not_written_to_again(office, cohort):
    person = mentee(cohort)
    office.post(page_of(cohort), {"application": [person.pk]})

    answer = office.post(page_of(cohort), {"application": [person.pk]}, follow=True)

    assert said(answer)[-2:] == [
        "Letters written: 0.",
        "Whoever had the letter before, or doesn’t wait any more, was not written to.",
    ]


@pytest.mark.parametrize("ticks", [[], ["x"], ["987654"], ["9" * 50]])
def test_without_a_tick_nobody_is_written_to(office, cohort, ticks):
    mentee(cohort)

    answer = office.post(page_of(cohort), {"application": ticks}, follow=True)

    assert (said(answer), Message.objects.count()) == (["Please tick at least one person first."], 0)


def test_a_place_is_offered_and_the_offer_withdrawn(office, cohort):
    person = mentee(cohort)
    suggestion = suggested(RunFactory(cohort=cohort), mentor(cohort), person)

    made = office.post(reverse("admin:matching_offer", args=[cohort.pk, suggestion.pk]), follow=True)
    offer = Offer.objects.get()
    gone = office.post(reverse("admin:matching_withdraw_offer", args=[cohort.pk, offer.pk]), follow=True)

    assert said(made) == [f"Offered to {person.user.name}, who answers by 19 January."]
    assert "Withdraw offer" in made.content.decode()
    assert said(gone) == ["The offer is withdrawn; the place is free again."]
    offer.refresh_from_db()
    assert offer.state == "withdrawn"


def test_what_can_t_be_offered_or_withdrawn_is_answered_with_a_sentence(office, cohort, admin):
    offer = offered(cohort, admin)
    again = office.post(reverse("admin:matching_offer", args=[cohort.pk, offer.suggestion_id]), follow=True)
    offering.answer(offer, by=offer.application.user, at=NOW, yes=False)

    too_late = office.post(reverse("admin:matching_withdraw_offer", args=[cohort.pk, offer.pk]), follow=True)

    assert said(again) == ["This place is offered or given already, or these two are refused."]
    assert said(too_late) == ["This offer isn't open any more."]


def test_a_match_is_looked_for_from_the_list(office, cohort):
    person = mentee(cohort)
    address = reverse("admin:matching_start_for", args=[person.pk])

    assert office.get(page_of(cohort)).content.decode().count(f'formaction="{address}"') == 1
    office.post(address)
    assert MatchRun.objects.get().only_for == person


def test_looking_changes_nothing(office, cohort, admin):
    offer = offered(cohort, admin)
    office.get(page_of(cohort), {"application": [offer.application_id]})

    answers = [
        office.get(reverse(f"admin:matching_{name}", args=[cohort.pk, pk]))
        for name, pk in (("offer", offer.suggestion_id), ("withdraw_offer", offer.pk))
    ]

    offer.refresh_from_db()
    assert [answer.status_code for answer in answers] == [405, 405]
    assert (offer.state, Message.objects.filter(kind="matching/email/waiting").count()) == ("open", 0)


@pytest.mark.clause("ALL-1")
def test_another_programme_s_list_and_offers_are_not_there(client, cohort, admin):
    offer = offered(cohort, admin)
    client.force_login(DutyFactory().user)

    for name, ours, missing in (
        ("waiting", [cohort.pk], [987654]),
        ("offer", [cohort.pk, offer.suggestion_id], [987654, 987654]),
        ("withdraw_offer", [cohort.pk, offer.pk], [987654, 987654]),
    ):
        answers = [client.post(reverse(f"admin:matching_{name}", args=args)) for args in (ours, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert len({without_token(answer) for answer in answers}) == 1


@pytest.mark.clause("ALL-1")
def test_what_is_of_another_cohort_can_t_be_reached_through_one_s_own(office, cohort):
    other = CohortFactory()
    administrator = DutyFactory(programme=other.programme).user
    suggestion = suggested(RunFactory(cohort=other), mentor(other), mentee(other))

    answers = [
        office.post(reverse("admin:matching_offer", args=[cohort.pk, suggestion.pk])),
        office.post(page_of(cohort), {"application": [suggestion.members.get(part="mentee").application_id]}),
    ]

    assert [answer.status_code for answer in answers] == [404, 302]
    assert (Offer.objects.count(), Message.objects.count()) == (0, 0)
    assert administrator.duties.count() == 1


@pytest.mark.clause("ALL-1")
def test_who_only_decides_eligibility_has_no_waiting_list(client, cohort):
    client.force_login(DutyFactory(programme=cohort.programme, kind="eligibility").user)

    assert client.get(page_of(cohort)).status_code == 404


def test_the_page_costs_the_same_for_one_of_each_and_for_three(office, cohort, admin):
    counts = []
    for number in (1, 2):
        run = RunFactory(cohort=cohort)
        for _ in range(number):
            offered(cohort, admin)
            ExclusionFactory(run=run, application=mentee(cohort))
            suggested(run, mentor(cohort), mentee(cohort))
        with CaptureQueriesContext(connection) as queries:
            office.get(page_of(cohort))
        counts.append(len(queries))

    assert counts[0] == counts[1]
