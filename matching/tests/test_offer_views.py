from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.models import Application
from matching.services import offering, releasing
from matching.tests.factories import pairs_of
from overview.tests.answers import without_token

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.fixture
def offer(cohort, admin):
    return offering.offer(pairs_of(cohort).suggestions.get(), by=admin, at=NOW)


@pytest.fixture
def own(client, offer):
    """The client, signed in as the person to whom the place is offered."""
    client.force_login(offer.application.user)
    return client


def page(client, offer):
    return client.get(offer.get_absolute_url())


def heading(answer):
    return answer.content.decode().partition("<h1>")[2].partition("</h1>")[0]


def test_an_open_offer_asks_for_yes_or_no_by_its_day(own, offer):
    answer = page(own, offer)

    text = answer.content.decode()
    assert heading(answer) == "A place has come free"
    assert text.count("Monday 19 January 2026") == 1
    assert [text.count(f'name="answer" value="{value}"') for value in ("yes", "no")] == [1, 1]


def test_looking_changes_nothing(own, offer):
    own.get(offer.get_absolute_url(), {"answer": "yes"})

    offer.refresh_from_db()
    assert offer.state == "open"


def test_the_page_shows_nothing_of_the_mentor(own, offer):
    lead = offer.suggestion.members.get(part="mentor").application
    lead.user.name = "Canary Mentor"
    lead.user.save()

    texts = [page(own, offer).content.decode()]
    own.post(offer.get_absolute_url(), {"answer": "yes"})
    texts.append(page(own, offer).content.decode())

    assert [("Canary" in text, lead.user.email in text) for text in texts] == [(False, False)] * 2


@pytest.mark.parametrize(
    ("answer", "state", "says"),
    [
        ("yes", "accepted", "You are introduced by e-mail shortly."),
        ("no", "declined", "You stay on the waiting list"),
    ],
)
def test_an_answer_is_kept_and_the_page_says_what_happens_next(own, offer, answer, state, says):
    answered = own.post(offer.get_absolute_url(), {"answer": answer}, follow=True)

    offer.refresh_from_db()
    assert answered.redirect_chain == [(offer.get_absolute_url(), 302)]
    assert (offer.state, answered.content.decode().count(says)) == (state, 1)
    assert 'name="answer"' not in answered.content.decode()


def test_who_says_no_is_shown_how_to_stop_looking(own, offer):
    text = own.post(offer.get_absolute_url(), {"answer": "no"}, follow=True).content.decode()

    assert text.count(reverse("withdraw_application", args=[offer.application_id])) == 1


@pytest.mark.clause("EI-1")
def test_who_has_not_accepted_the_policy_of_now_is_led_to_it(own, offer):
    offer.application.acceptances.all().delete()

    text = page(own, offer).content.decode()

    assert text.count("read and accept it") == 1
    assert [text.count(f'name="answer" value="{value}"') for value in ("yes", "no")] == [0, 1]


@pytest.mark.parametrize("given", [{}, {"answer": "perhaps"}, {"answer": ""}])
def test_anything_else_is_no_answer(own, offer, given):
    answer = own.post(offer.get_absolute_url(), given)

    offer.refresh_from_db()
    assert (heading(answer), offer.state) == ("A place has come free", "open")


def test_after_the_introduction_the_page_leads_to_the_first_page(own, offer):
    own.post(offer.get_absolute_url(), {"answer": "yes"})
    releasing.introduce_due(NOW + timedelta(minutes=15))

    assert "You have been introduced." in page(own, offer).content.decode()


def test_an_answer_that_comes_too_late_is_told_so(own, offer, clock):
    clock.move_to(datetime(2026, 1, 20, 9, tzinfo=UTC))
    own.force_login(offer.application.user)

    answer = own.post(offer.get_absolute_url(), {"answer": "yes"}, follow=True)

    offer.refresh_from_db()
    assert offer.state == "open"
    assert [str(message) for message in answer.context["messages"]] == [
        "This offer can't be answered any more."
    ]
    assert "It could be answered until 19 January 2026" in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("lapsed", "It could be answered until 19 January 2026"),
        ("withdrawn", "the place can’t be kept after all"),
    ],
)
def test_a_closed_offer_says_what_became_of_it(own, offer, state, says):
    type(offer).objects.update(state=state, closed_at=NOW)

    answer = page(own, offer)

    assert (heading(answer), answer.content.decode().count(says)) == ("This offer is closed", 1)


def test_who_has_left_the_programme_has_nothing_to_answer(own, offer):
    Application.objects.filter(pk=offer.application_id).update(state="withdrawn")

    assert "You are no longer in this programme" in page(own, offer).content.decode()


@pytest.mark.clause("ALL-1")
def test_somebody_else_s_offer_is_not_there(client, offer, admin):
    missing = reverse("offer", args=[987654])
    for user in (UserFactory(), admin, offer.suggestion.members.get(part="mentor").application.user):
        client.force_login(user)
        answers = [
            ask(address)
            for ask in (client.get, lambda url: client.post(url, {"answer": "yes"}))
            for address in (offer.get_absolute_url(), missing)
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert len({without_token(answer) for answer in answers}) == 1
    offer.refresh_from_db()
    assert offer.state == "open"


def test_a_visitor_is_asked_to_sign_in(client, offer):
    answer = client.get(offer.get_absolute_url())

    assert answer.url == f"{reverse('account_login')}?next={offer.get_absolute_url()}"
