"""Several people at the same moment, and one place (BM-12)."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from applications.tests.factories import MentorFactory
from outbox.models import Message
from programmes.tests.factories import CohortFactory, DutyFactory
from tests.at_once import at_once
from training import services
from training.models import Session
from training.tests.factories import SessionFactory

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("BM-12"),
]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
START = datetime(2026, 2, 10, 14, tzinfo=UTC)


def session_and_mentors(places, count):
    cohort = CohortFactory()
    session = SessionFactory(cohort=cohort, places=places)
    return session, [MentorFactory(cohort=cohort) for _ in range(count)]


def booking_of(session, person):
    return partial(services.book, session, by=person.user, at=NOW)


def taken(session):
    return sorted(session.bookings.booked().values_list("number", flat=True))


def letters(name):
    return Message.objects.filter(kind=f"training/email/{name}").count()


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_people_and_one_place_one_has_it_and_one_waits(attempt):
    session, people = session_and_mentors(places=1, count=2)

    at_once(*(booking_of(session, person) for person in people))

    states = sorted(session.bookings.values_list("state", "number"))
    assert states == [("booked", 1), ("waiting", None)]
    assert (letters("booked"), letters("waiting")) == (1, 1)


@pytest.mark.parametrize("attempt", range(2))
def test_eight_people_take_three_places_and_no_fourth(attempt):
    session, people = session_and_mentors(places=3, count=8)

    at_once(*(booking_of(session, person) for person in people))

    assert (taken(session), session.bookings.waiting().count()) == ([1, 2, 3], 5)


def test_one_person_in_two_windows_has_one_place():
    session, (person,) = session_and_mentors(places=2, count=1)

    at_once(*[booking_of(session, person)] * 4)

    assert (taken(session), session.bookings.count(), letters("booked")) == ([1], 1, 1)


@pytest.mark.parametrize("attempt", range(2))
def test_a_place_given_up_beside_a_new_request_is_taken_once(attempt):
    session, people = session_and_mentors(places=1, count=4)
    mine, waiting = (services.book(session, by=person.user, at=NOW) for person in people[:2])

    at_once(
        partial(services.cancel, mine, by=people[0].user, at=NOW),
        *(booking_of(session, person) for person in people[2:]),
    )

    waiting.refresh_from_db()
    assert (taken(session), waiting.state, letters("moved_up")) == ([1], "booked", 1)


@pytest.mark.parametrize("attempt", range(2))
def test_places_that_become_fewer_beside_new_requests_are_never_exceeded(attempt):
    session, people = session_and_mentors(places=3, count=4)
    office = DutyFactory(programme=session.cohort.programme).user
    services.book(session, by=people[0].user, at=NOW)
    wished = Session.objects.get(pk=session.pk)
    wished.places = 1

    at_once(
        partial(services.change_session, wished, by=office, at=NOW),
        *(booking_of(session, person) for person in people[1:]),
    )

    session.refresh_from_db()
    assert taken(session) == list(range(1, session.places + 1))


@pytest.mark.parametrize("attempt", range(2))
def test_nobody_is_left_with_a_place_in_what_is_called_off_meanwhile(attempt):
    session, people = session_and_mentors(places=3, count=3)
    office = DutyFactory(programme=session.cohort.programme).user

    at_once(
        partial(services.call_off, session, by=office, at=NOW),
        *(booking_of(session, person) for person in people),
    )

    assert session.bookings.standing().count() == 0
    assert letters("called_off") == session.bookings.count()


@pytest.mark.parametrize("attempt", range(2))
def test_two_sweeps_at_once_remind_everybody_once(attempt):
    session, people = session_and_mentors(places=4, count=4)
    for person in people:
        services.book(session, by=person.user, at=NOW)

    at_once(*[partial(services.remind_of_training, at=START - timedelta(hours=1))] * 3)

    assert letters("tomorrow") == 4


def test_a_sweep_and_a_person_free_a_place_once():
    session, people = session_and_mentors(places=1, count=3)
    mine = services.book(session, by=people[0].user, at=NOW)
    for person in people[1:]:
        services.book(session, by=person.user, at=NOW)
    people[0].state = "withdrawn"
    people[0].save()

    at_once(
        partial(services.cancel, mine, by=people[0].user, at=NOW),
        *[partial(services.free_places, at=NOW)] * 2,
    )

    assert (taken(session), letters("given_up"), letters("moved_up")) == ([1], 1, 1)
