"""Who has a mentor already: now, or later by itself (BM-9)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications import tasks
from applications.forms import AnswersForm
from applications.models import Application, State
from applications.services import holding, writing
from applications.tests.factories import ApplicationFactory, PolicyAcceptanceFactory
from conftest import NOW
from matching import gathering
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.services.readiness import why_not_ready
from partnerships.tests.factories import pair
from programmes.models import Ask
from programmes.tests.factories import CohortFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-9")]
UNTIL = date(2026, 3, 31)
EARLIER = date(2026, 3, 1)


@pytest.fixture
def cohort():
    return CohortFactory(programme__team_name="alumni office")


def held(cohort, until=UNTIL, **values):
    return ApplicationFactory(cohort=cohort, has_mentor_until=until, hold_until=until, **values)


def choose(application, until, at=NOW):
    return holding.choose(application, by=application.user, at=at, until=until)


# The day


@pytest.mark.parametrize(("day", "is_held"), [(date(2026, 3, 30), True), (UNTIL, False)])
def test_held_until_a_day_means_taken_up_on_that_day_by_matching_introductions_and_mail_alike(
    cohort, day, is_held
):
    application = held(cohort)
    PolicyAcceptanceFactory(application=application)
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    loaded = Application.objects.with_acceptance().get(pk=application.pk)

    waiting = gathering.why_waiting(gathering.accepted_in(cohort), on=day)

    assert ("is held until 31 March 2026" in waiting.get(application.pk, "")) is is_held
    assert ("is held until 31 March 2026" in why_not_ready(loaded, by=None, at=at)) is is_held
    assert holding.take_up(at=at) == (0 if is_held else 1)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2026, 3, 30, 22, 59, tzinfo=UTC), 0),  # one minute before midnight in London
        (datetime(2026, 3, 30, 23, 1, tzinfo=UTC), 1),
        (datetime(2026, 4, 20, 9, tzinfo=UTC), 1),  # nothing is lost by days on which nothing ran
    ],
)
def test_the_day_begins_in_london(cohort, at, told):
    held(cohort)

    assert holding.take_up(at=at) == told


def test_who_is_taken_up_is_told_once(cohort, clock):
    application = held(cohort)
    assert tasks.take_up_held() == 0
    clock.move_to(datetime(2026, 3, 31, 9, tzinfo=UTC))

    assert (tasks.take_up_held(), tasks.take_up_held()) == (1, 0)
    clock.shift(timedelta(days=5))
    assert tasks.take_up_held() == 0

    message = Message.objects.get()
    assert message.key == f"taken-up/{application.pk}/2026-03-31"
    assert (message.to, message.subject) == (application.user.email, "Your mentoring programme")
    for words in (message.text, message.html):
        assert "was held until 31 March 2026" in words
        assert f"/applications/{application.pk}/" in words


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.SUBMITTED, "The alumni office reads it, and you hear by e-mail."),
        (State.WAITLISTED, "You are on the waiting list"),
        (State.ACCEPTED, "As soon as you are matched, we introduce you by e-mail."),
    ],
)
def test_the_message_says_where_the_application_stands(cohort, state, sentence):
    held(cohort, until=date(2026, 1, 14), state=state)

    holding.take_up(at=NOW)

    message = Message.objects.get()
    assert sentence in message.text and sentence in message.html
    assert "please read the policy and accept it" in message.text


def test_an_earlier_hold_than_the_other_mentoring_can_be_prolonged_from_the_message(cohort):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL, hold_until=date(2026, 1, 14))
    PolicyAcceptanceFactory(application=application)

    holding.take_up(at=NOW)

    message = Message.objects.get()
    assert f"/applications/{application.pk}/hold/" in message.text
    assert f"/applications/{application.pk}/hold/" in message.html
    assert "please read the policy" not in message.text


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN, State.QUERIED])
def test_who_is_not_taken_up_by_the_programme_is_not_told(cohort, state):
    held(cohort, until=date(2026, 1, 14), state=state)

    assert holding.take_up(at=NOW) == 0


def test_who_was_introduced_or_has_gone_is_not_told_nor_anybody_after_the_end(cohort):
    pair(cohort, mentee=held(cohort, until=date(2026, 1, 14)))
    held(cohort, until=date(2026, 1, 14), user__is_active=False)
    held(CohortFactory(ends_on=date(2026, 1, 13)), until=date(2026, 1, 14))

    assert holding.take_up(at=NOW) == 0


def test_the_queries_do_not_grow_with_the_people(cohort):
    counts = []
    for number in (1, 3):
        for _ in range(number):
            held(cohort, until=date(2026, 1, 14))
        with CaptureQueriesContext(connection) as asked:
            assert holding.take_up(at=NOW) == number
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_who_withdraws_before_the_message_left_is_not_told(cohort):
    application = held(cohort, until=date(2026, 1, 14))
    holding.take_up(at=NOW)

    writing.withdraw(application, by=application.user, at=NOW)

    assert Message.objects.get().state == Message.State.WITHDRAWN


# The choice


@pytest.mark.parametrize("until", [None, EARLIER, UNTIL])
def test_the_person_chooses_and_changes_their_mind(cohort, until):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL)

    choose(application, date(2026, 2, 1))
    choose(application, until)

    application.refresh_from_db()
    assert (application.hold_until, application.has_mentor_until) == (until, UNTIL)


@pytest.mark.parametrize("until", [date(2026, 1, 14), date(2026, 1, 13), date(2026, 4, 1)])
def test_a_day_that_is_past_or_after_the_other_mentoring_is_refused(cohort, until):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL)

    with pytest.raises(NotPossible):
        choose(application, until)
    application.refresh_from_db()
    assert application.hold_until is None


def test_who_has_been_introduced_chooses_no_more(cohort):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL)
    pair(cohort, mentee=application)

    with pytest.raises(NotPossible, match="nothing to choose any more"):
        choose(application, UNTIL)


def test_nobody_chooses_for_somebody_else(cohort):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL)

    with pytest.raises(NotPossible):
        holding.choose(application, by=UserFactory(), at=NOW, until=UNTIL)


# The page


def page_of(client, application):
    client.force_login(application.user)
    return reverse("hold_application", args=[application.pk])


def test_who_came_with_the_offices_sheet_is_led_to_the_choice_from_their_page(client, cohort):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL, source="sheet")
    address = page_of(client, application)

    mine = client.get(reverse("application", args=[application.pk])).content.decode()
    page = client.get(address)

    assert f'href="{address}"' in mine
    assert page.context["form"]["choice"].value() == "now"
    assert page.context["form"]["until"].value() == UNTIL
    application.refresh_from_db()
    assert application.hold_until is None


@pytest.mark.parametrize(
    ("sent", "kept", "said"),
    [
        ({"choice": "now", "until": "nonsense"}, None, "You take part now."),
        ({"choice": "hold", "until": "2026-03-01"}, EARLIER, "Your application waits until 1 March 2026."),
        ({"choice": "hold", "until": ""}, UNTIL, "Your application waits until 31 March 2026."),
    ],
)
def test_the_choice_is_kept_and_said(client, cohort, sent, kept, said):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL, hold_until=date(2026, 2, 1))

    after = client.post(page_of(client, application), sent, follow=True)

    application.refresh_from_db()
    assert application.hold_until == kept
    assert after.redirect_chain == [(reverse("application", args=[application.pk]), 302)]
    assert said in after.content.decode()


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "Please choose one."),
        ({"choice": "hold", "until": "2026-01-14"}, "Please choose a day that is still to come."),
        ({"choice": "hold", "until": "2026-04-01"}, "The latest day is 31 March 2026."),
        ({"choice": "hold", "until": "soon"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(client, cohort, sent, error):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL)

    page = client.post(page_of(client, application), {"csrfmiddlewaretoken": "sent", **sent})

    field = "until" if "until" in sent else "choice"
    assert page.context["form"].errors == {field: [error]}
    assert page.content.decode().count(error) >= 1
    application.refresh_from_db()
    assert application.hold_until is None


@pytest.mark.parametrize(
    "values",
    [
        {"has_mentor_until": None},
        {"has_mentor_until": date(2026, 1, 14)},
        {"has_mentor_until": UNTIL, "state": State.DECLINED},
        {"has_mentor_until": UNTIL, "state": State.WITHDRAWN},
    ],
)
def test_who_has_nothing_to_choose_has_no_such_page(client, cohort, values):
    application = ApplicationFactory(cohort=cohort, **values)

    assert client.get(page_of(client, application)).status_code == 404


def test_somebody_elses_choice_is_not_there(client, cohort):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL)
    other = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL)
    address = page_of(client, application)

    theirs = client.post(reverse("hold_application", args=[other.pk]), {"choice": "hold"})
    missing = client.post(reverse("hold_application", args=[other.pk + 1000]), {"choice": "hold"})

    assert (theirs.status_code, theirs.content) == (404, missing.content)
    other.refresh_from_db()
    assert other.hold_until is None
    assert client.get(address).status_code == 200


def test_after_the_introduction_the_page_is_gone_and_not_linked(client, cohort):
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL)
    pair(cohort, mentee=application)
    address = page_of(client, application)

    assert client.get(address).status_code == 404
    assert address not in client.get(reverse("application", args=[application.pk])).content.decode()


@pytest.mark.parametrize(("typed", "expected"), [("2026-03-31", EARLIER), ("2026-02-15", date(2026, 2, 15))])
def test_changing_other_answers_keeps_the_earlier_day_that_was_chosen(cohort, typed, expected):
    Ask.objects.create(
        programme=cohort.programme, role="mentee", fact="has_mentor_until", section="You", label="Until"
    )
    application = ApplicationFactory(cohort=cohort, has_mentor_until=UNTIL, hold_until=EARLIER)

    form = AnswersForm({"has_mentor_until": typed, "hold": "hold"}, application=application, complete=True)

    assert form.is_valid()
    assert form.answers()["hold_until"] == expected
