from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, PolicyAcceptanceFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships import services
from partnerships.models import AgreementAcceptance, EndReason
from partnerships.queries.circles import owes_agreement, who_owes
from partnerships.tests.factories import circle, pair
from partnerships.tests.people import member, user
from programmes.tests.factories import CohortFactory, PathwayFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-5", "BM-7")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TEXT = "What is said here **stays here**."


@pytest.fixture
def cohort():
    cohort = CohortFactory()
    PathwayFactory(
        programme=cohort.programme, kind="circle", label="Circle", smallest=2, largest=6, agreement=TEXT
    )
    return cohort


def url(partnership):
    return reverse("agreement", args=[partnership.pk])


def accept(partnership, person, round=1):
    return services.accept_agreement(partnership, by=person, at=NOW, round=round)


def newcomer(cohort):
    return PolicyAcceptanceFactory(
        application=ApplicationFactory(cohort=cohort, pathway="circle")
    ).application


def test_everybody_in_a_circle_owes_the_agreement_until_they_accept_it(cohort):
    made = circle(cohort, members=2)

    accept(made, user(made))
    accept(made, user(made))

    assert [row.pk for row in who_owes(made)] == [member(made, "facilitator").pk, member(made, number=1).pk]
    assert (owes_agreement(made, user(made)), owes_agreement(made, user(made, "facilitator"))) == (
        False,
        True,
    )
    assert list(AgreementAcceptance.objects.values_list("membership", "round", "accepted_at")) == [
        (member(made).pk, 1, NOW)
    ]


def test_everybody_accepts_it_again_once_somebody_joins(cohort):
    made = circle(cohort, members=2)
    accept(made, user(made))

    made = services.join(made, people=[newcomer(cohort)], by=None, at=NOW)

    assert len(who_owes(made)) == 4
    with pytest.raises(NotPossible, match="joined your circle meanwhile"):
        accept(made, user(made), round=1)
    accept(made, user(made), round=2)
    assert len(who_owes(made)) == 3


def test_the_letters_lead_to_it(cohort):
    made = circle(cohort, members=2)

    services.join(made, people=[newcomer(cohort)], by=None, at=NOW)

    assert [f"https://mentoring.example{url(made)}" in message.text for message in Message.objects.all()] == [
        True
    ] * 4


def test_nothing_is_owed_without_a_text_in_a_pair_after_the_end_or_by_strangers(cohort):
    made, over, plain = circle(cohort), circle(cohort), circle()
    services.end(over, by=None, at=NOW, reason=EndReason.OFFICE)
    over.refresh_from_db()
    stranger = UserFactory()

    for partnership in (plain, pair(cohort), over):
        assert who_owes(partnership) == []
        with pytest.raises(NotPossible, match="nothing to agree"):
            accept(partnership, user(partnership))
    assert not owes_agreement(made, stranger)
    with pytest.raises(NotPossible, match="nothing to agree"):
        accept(made, stranger)


def test_who_has_left_owes_nothing(cohort):
    made = circle(cohort)
    services.let_go(member(made), by=None, at=NOW)

    assert not owes_agreement(made, user(made))


def test_who_owes_is_asked_in_a_fixed_number_of_queries(cohort, django_assert_num_queries):
    small, large = circle(cohort, members=1), circle(cohort, members=3)

    for made, count in ((small, 2), (large, 4)):
        with django_assert_num_queries(2):
            assert len([row.application.user.name for row in who_owes(made)]) == count


# The page


def test_the_page_shows_the_text_and_keeps_the_yes(client, cohort):
    made = circle(cohort)
    client.force_login(user(made))

    page = client.get(url(made)).content.decode()
    before = AgreementAcceptance.objects.count()
    answer = client.post(url(made), {"round": 1}, follow=True)

    assert "<strong>stays here</strong>" in page
    assert (before, AgreementAcceptance.objects.get().membership) == (0, member(made))
    assert answer.redirect_chain[-1] == (reverse("partnership", args=[made.pk]), 302)
    assert "You have accepted this" in client.get(url(made)).content.decode()


def test_who_saw_an_older_round_is_asked_once_more(client, cohort):
    made = circle(cohort)
    client.force_login(user(made))
    services.join(made, people=[newcomer(cohort)], by=None, at=NOW)

    answer = client.post(url(made), {"round": 1}, follow=True)

    assert answer.redirect_chain == [(url(made), 302)]
    assert "Somebody has joined your circle meanwhile" in answer.content.decode()
    assert AgreementAcceptance.objects.count() == 0


@pytest.mark.parametrize("sent", [{}, {"round": "one"}, {"round": "-1"}, {"round": "99999999999999999999"}])
def test_what_is_no_round_changes_nothing(client, cohort, sent):
    made = circle(cohort)
    client.force_login(user(made))

    assert "I agree to this" in client.post(url(made), sent).content.decode()
    assert AgreementAcceptance.objects.count() == 0


def test_somebody_elses_circle_a_pair_and_a_circle_without_a_text_have_no_such_page(client, cohort):
    made, own_pair, plain = circle(cohort), pair(cohort), circle()
    readers = {made.pk: user(plain), own_pair.pk: user(own_pair), plain.pk: user(plain), 987654: user(made)}

    for pk, reader in readers.items():
        client.force_login(reader)
        assert client.get(reverse("agreement", args=[pk])).status_code == 404
        assert client.post(reverse("agreement", args=[pk]), {"round": 1}).status_code == 404
    assert AgreementAcceptance.objects.count() == 0


def test_who_left_a_circle_and_came_back_accepts_for_themselves_anew(cohort):
    made = circle(cohort)
    accept(made, user(made))
    back = member(made).application
    services.let_go(member(made), by=None, at=NOW)

    made = services.join(made, people=[back], by=None, at=NOW + timedelta(days=1))

    assert owes_agreement(made, back.user)
