from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import tasks
from applications.models import State
from applications.services import asking, writing
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from conftest import NOW
from outbox.models import Message
from partnerships.tests.factories import pair
from programmes.tests.factories import CohortFactory, PolicyVersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-1a")]
TODAY = date(2026, 1, 14)


@pytest.fixture
def cohort():
    return CohortFactory(programme__team_name="alumni office")


def publish(cohort, kind="guidance", on=TODAY, **values):
    version = PolicyVersionFactory(programme=cohort.programme, kind=kind, published_on=on, **values)
    if kind == "policy":
        cohort.policy = version
        cohort.save()
    return version


def accepted(cohort, made=ApplicationFactory, **values):
    application = made(cohort=cohort, **values)
    PolicyAcceptanceFactory(application=application)
    return application


@pytest.mark.parametrize("kind", ["policy", "guidance"])
def test_who_accepted_an_earlier_version_is_asked_once_and_never_again(cohort, kind, clock):
    application = accepted(cohort)
    version = publish(cohort, kind)

    assert tasks.ask_again() == 1
    clock.shift(timedelta(days=30))
    assert tasks.ask_again() == 0

    message = Message.objects.get()
    assert message.key == f"new-version/{version.pk}/{application.pk}"
    assert (message.to, message.programme) == (application.user.email, cohort.programme.slug)


def test_the_message_names_the_versions_and_leads_to_the_page(cohort):
    publish(cohort, on=date(2025, 9, 1), label="autumn")
    application = accepted(cohort)
    version = publish(cohort, label="spring")

    asking.ask_again(at=NOW)

    message = Message.objects.get()
    assert message.subject == "Your mentoring programme"
    for words in (message.text, message.html):
        assert "version spring" in words
        assert "(yours was autumn)" in words
        assert f"/applications/{application.pk}/" in words
        assert version.get_absolute_url() in words
        assert "You can be introduced to somebody as soon as you have." in words


def test_who_has_been_introduced_reads_that_it_goes_on_meanwhile(cohort):
    pair(cohort)
    publish(cohort)

    assert asking.ask_again(at=NOW) == 2
    assert all(
        "Your partnership goes on as it is meanwhile." in message.text for message in Message.objects.all()
    )


def test_both_at_once_is_one_message(cohort, clock):
    accepted(cohort)
    publish(cohort, "policy", label="second")
    publish(cohort, label="spring")

    assert tasks.ask_again() == 1
    clock.shift(timedelta(days=1))
    assert tasks.ask_again() == 0

    text = Message.objects.get().text
    assert "The policy, version second" in text
    assert "The guidance, version spring" in text
    assert "accept both" in text


def test_a_further_version_is_asked_for_again(cohort, clock):
    application = accepted(cohort)
    publish(cohort)
    tasks.ask_again()
    writing.accept_policy(application, by=application.user, at=NOW)

    clock.shift(timedelta(days=20))
    publish(cohort, on=date(2026, 2, 3))

    assert (tasks.ask_again(), Message.objects.count()) == (1, 2)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.QUERIED, State.WAITLISTED, State.ACCEPTED])
def test_everybody_whose_application_runs_is_asked(cohort, state):
    accepted(cohort, state=state)
    publish(cohort)

    assert asking.ask_again(at=NOW) == 1


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN])
def test_whose_application_runs_no_more_is_left_alone(cohort, state):
    accepted(cohort, state=state)
    publish(cohort)

    assert asking.ask_again(at=NOW) == 0


def test_who_never_accepted_anything_is_not_asked_again(cohort):
    ApplicationFactory(cohort=cohort)
    publish(cohort)

    assert asking.ask_again(at=NOW) == 0


def test_who_owes_nothing_whose_account_is_closed_and_another_programme_hear_nothing(cohort):
    accepted(cohort, user__is_active=False)
    accepted(CohortFactory())
    version = publish(cohort)
    done = accepted(cohort)
    PolicyAcceptanceFactory(application=done, policy_version=version)

    assert asking.ask_again(at=NOW) == 0


@pytest.mark.clause("EI-2")
def test_nobody_is_asked_after_the_last_day(cohort):
    accepted(cohort)
    publish(cohort)

    assert asking.ask_again(at=datetime(2026, 4, 30, 23, 30, tzinfo=UTC)) == 0  # past midnight in London
    assert asking.ask_again(at=datetime(2026, 4, 30, 22, 30, tzinfo=UTC)) == 1


def test_who_accepts_before_the_message_left_is_not_asked_any_more(cohort):
    application = accepted(cohort)
    publish(cohort)
    asking.ask_again(at=NOW)

    writing.accept_policy(application, by=application.user, at=NOW)

    assert Message.objects.get().state == Message.State.WITHDRAWN


def test_who_withdraws_is_not_asked_any_more(cohort):
    application = accepted(cohort)
    publish(cohort)
    asking.ask_again(at=NOW)

    writing.withdraw(application, by=application.user, at=NOW)

    assert Message.objects.get().state == Message.State.WITHDRAWN


def test_both_roles_are_asked_and_the_queries_do_not_grow_with_the_people(cohort):
    publish(cohort)
    counts = []
    for number in (1, 3):
        for _ in range(number):
            accepted(cohort, MentorFactory)
        with CaptureQueriesContext(connection) as asked:
            assert asking.ask_again(at=NOW) == number
        counts.append(len(asked))

    assert counts[0] == counts[1]
