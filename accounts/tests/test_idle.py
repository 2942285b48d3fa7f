"""How long a session lives: idle, and altogether."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.tests.entering import sign_in
from accounts.tests.factories import PASSWORD, UserFactory
from applications.tests.factories import ApplicationFactory
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
SENTENCE = "It has been a while, so we have signed you out to keep your details safe."
SECOND = timedelta(seconds=1)


@pytest.fixture
def person(client):
    person = UserFactory()
    sign_in(client, person)
    return person


def come_back(client, clock, after):
    """After so long a page is opened; whether the person is still signed in."""
    clock.shift(after)
    client.get("/")
    return get_user(client).is_authenticated


@pytest.mark.parametrize(("over", "stays"), [(timedelta(), True), (SECOND, False)])
def test_a_participant_may_be_away_for_two_hours(client, clock, person, over, stays):
    assert come_back(client, clock, timedelta(hours=2) + over) is stays


@pytest.mark.parametrize("kind", ["administer", "eligibility", "concerns"])
@pytest.mark.parametrize(("over", "stays"), [(timedelta(), True), (SECOND, False)])
def test_staff_may_be_away_for_half_an_hour(client, clock, kind, over, stays):
    sign_in(client, DutyFactory(kind=kind).user)

    assert come_back(client, clock, timedelta(minutes=30) + over) is stays


def test_so_may_a_superuser(client, clock):
    sign_in(client, UserFactory(is_superuser=True))

    assert come_back(client, clock, timedelta(minutes=30) + SECOND) is False


@pytest.mark.parametrize(("over", "stays"), [(timedelta(), True), (SECOND, False)])
def test_nobody_stays_for_longer_than_twelve_hours(client, clock, person, over, stays):
    for _ in range(11):
        come_back(client, clock, timedelta(hours=1))

    assert come_back(client, clock, timedelta(hours=1) + over) is stays


def test_every_visit_counts_anew(client, clock, person):
    stayed = [come_back(client, clock, timedelta(minutes=110)) for _ in range(3)]

    assert stayed == [True] * 3


def test_signing_in_again_begins_anew(client, clock, person):
    come_back(client, clock, timedelta(hours=3))
    sign_in(client, person)

    assert come_back(client, clock, timedelta(hours=1)) is True


def test_signing_in_elsewhere_keeps_no_session_alive(client, clock, person):
    clock.shift(timedelta(minutes=100))
    sign_in(Client(), person)

    assert come_back(client, clock, timedelta(minutes=30)) is False


def test_the_sign_in_page_says_kindly_why_and_leads_back(client, clock, person):
    clock.shift(timedelta(hours=3))

    page = client.get("/account/settings/", follow=True)

    assert page.redirect_chain == [("/account/login/?next=/account/settings/", 302)]
    assert page.content.decode().count(SENTENCE) == 1
    back = client.post(
        "/account/login/", {"login": person.email, "password": PASSWORD, "next": "/account/settings/"}
    )
    assert back.url == "/account/settings/"


def test_what_somebody_wrote_about_a_concern_is_shown_again(clock):
    client = Client(enforce_csrf_checks=True)
    person = ApplicationFactory().user
    client.force_login(person)
    token = client.get("/help/").cookies["__Host-csrf"].value
    clock.shift(timedelta(hours=3))

    page = client.post("/help/", {"text": "He shouted at me.", "csrfmiddlewaretoken": token}).content.decode()

    assert get_user(client).is_authenticated is False
    assert "He shouted at me.</textarea>" in page
    assert page.count(SENTENCE) == 1


def test_nothing_that_is_sent_too_late_is_done(client, clock, person):
    clock.shift(timedelta(hours=3))

    client.post("/account/settings/", {"time_zone": "Europe/Athens"})

    person.refresh_from_db()
    assert person.time_zone == "Europe/London"


@pytest.mark.parametrize(
    ("sent_to", "staff"),
    [("/account/settings/", False), ("/admin/programmes/duty/", True)],
)
def test_whoever_sent_something_comes_back_to_the_page_it_was_sent_from(client, clock, sent_to, staff):
    sign_in(client, UserFactory(is_superuser=staff))
    clock.shift(timedelta(hours=3))

    asked = client.post(sent_to, {}, headers={"referer": "http://testserver/account/email/?a=b"})

    assert asked.url == "/account/login/?next=/account/email/%3Fa%3Db"


def test_the_session_is_written_once_a_minute(client, clock, person):
    client.get("/")
    written = []
    for seconds in (30, 30, 30, 30):
        clock.shift(timedelta(seconds=seconds))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/")
        written.append(any(query["sql"].startswith("UPDATE") for query in queries))

    assert written == [False, True, False, True]


def test_who_is_staff_is_asked_after_half_an_hour_only(client, clock, person):
    asked = []
    for minutes in (29, 31):
        clock.shift(timedelta(minutes=minutes))
        with CaptureQueriesContext(connection) as queries:
            client.get("/account/logout/")
        asked.append(sum("duty" in query["sql"] for query in queries))

    assert asked[1] - asked[0] == 1


def test_an_expired_session_leaves_nothing_behind(client, clock, person):
    clock.shift(timedelta(hours=3))
    client.get("/account/settings/", follow=True)

    kept = [session.get_decoded() for session in Session.objects.all()]

    assert [session for session in kept if "_auth_user_id" in session] == []


@pytest.mark.parametrize(("origin", "shown"), [("http://testserver", True), ("https://evil.example", False)])
def test_what_a_colleague_wrote_for_too_long_is_given_back_once(client, clock, origin, shown):
    sign_in(client, DutyFactory(kind="concerns").user)
    clock.shift(timedelta(minutes=31))

    answer = client.post(
        "/cases/0b0e9c53-0f6e-4ef0-9d53-5cb0e6b7f1a2/answer/",
        {"text": "Thank you for writing to us."},
        headers={"origin": origin},
    )

    assert ("Thank you for writing to us." in answer.content.decode()) is shown
    assert (answer.status_code, get_user(client).is_authenticated) == (200 if shown else 302, False)
    assert answer["Cache-Control"] == "no-store"
