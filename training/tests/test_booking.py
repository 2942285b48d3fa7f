"""A place, the queue, giving up, moving up (BM-12)."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from programmes.tests.factories import CohortFactory
from training import services
from training.models import Booking
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-12")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
START = datetime(2026, 2, 10, 14, tzinfo=UTC)


@pytest.fixture
def session():
    return SessionFactory(places=2, role="mentor")


def mentors(session, count):
    return [MentorFactory(cohort=session.cohort) for _ in range(count)]


def book(session, application, at=NOW):
    return services.book(session, by=application.user, at=at)


def standing(session):
    return list(session.bookings.order_by("pk").values_list("application", "state", "number"))


def letters():
    return list(Message.objects.order_by("pk").values_list("kind", "to"))


# Book


def test_a_place_is_the_lowest_free_number(session):
    first, second = mentors(session, 2)

    book(session, first)
    book(session, second)

    assert standing(session) == [(first.pk, "booked", 1), (second.pk, "booked", 2)]


def test_a_number_that_became_free_is_taken_first(session):
    first, second, third = mentors(session, 3)
    services.cancel(book(session, first), by=first.user, at=NOW)
    BookingFactory(session=session, application=second, number=2)

    assert book(session, third).number == 1


def test_whoever_finds_no_place_waits_in_turn(session):
    people = mentors(session, 4)

    made = [book(session, person) for person in people]

    assert [(each.state, each.number) for each in made] == [
        ("booked", 1),
        ("booked", 2),
        ("waiting", None),
        ("waiting", None),
    ]


def test_asking_twice_is_asking_once(session):
    person = MentorFactory(cohort=session.cohort)

    assert book(session, person) == book(session, person)

    assert (Booking.objects.count(), Message.objects.count()) == (1, 1)


def test_an_application_that_waits_for_a_decision_is_enough(session):
    assert book(session, MentorFactory(cohort=session.cohort, waiting=True)).state == "booked"


@pytest.mark.parametrize("state", ["draft", "queried", "waitlisted", "declined", "withdrawn"])
def test_any_other_application_is_not_enough(session, state):
    person = MentorFactory(cohort=session.cohort, state=state, submitted_at=None if state == "draft" else NOW)

    with pytest.raises(NotPossible, match="^This training is for other people of the programme.$"):
        book(session, person)


def test_a_training_for_mentors_is_not_for_mentees(session):
    with pytest.raises(NotPossible, match="for other people"):
        book(session, ApplicationFactory(cohort=session.cohort))


def test_a_training_for_everybody_is_for_mentees_too():
    session = SessionFactory(role="")

    assert book(session, ApplicationFactory(cohort=session.cohort)).state == "booked"


def test_who_is_mentor_and_mentee_takes_one_place():
    session = SessionFactory(role="")
    mentee = ApplicationFactory(cohort=session.cohort)
    mentor = MentorFactory(cohort=session.cohort, user=mentee.user)

    made = [book(session, mentee), book(session, mentor)]

    assert [each.application for each in made] == [mentor, mentor]


@pytest.mark.clause("ALL-1")
def test_another_cohorts_training_is_not_for_me(session):
    elsewhere = MentorFactory(cohort=CohortFactory(programme=session.cohort.programme, slug="other"))

    with pytest.raises(NotPossible, match="for other people"):
        book(session, elsewhere)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1)])
def test_nobody_books_once_it_has_begun(session, late):
    with pytest.raises(NotPossible, match="^This training has begun already.$"):
        book(session, MentorFactory(cohort=session.cohort), at=START + late)


def test_nobody_books_what_was_called_off():
    session = SessionFactory(cancelled_at=NOW)

    with pytest.raises(NotPossible, match="^This training has been called off.$"):
        book(session, MentorFactory(cohort=session.cohort))


# Give up


def test_a_place_that_is_given_up_goes_to_the_first_who_waits_with_a_message(session):
    first, second, third, fourth = mentors(session, 4)
    bookings = [book(session, person) for person in (first, second, third, fourth)]
    Message.objects.all().delete()

    services.cancel(bookings[0], by=first.user, at=NOW)

    assert standing(session) == [
        (first.pk, "cancelled", None),
        (second.pk, "booked", 2),
        (third.pk, "booked", 1),
        (fourth.pk, "waiting", None),
    ]
    assert letters() == [
        ("training/email/given_up", first.user.email),
        ("training/email/moved_up", third.user.email),
    ]


def test_who_leaves_the_waiting_list_moves_nobody_and_gets_no_message(session):
    people = mentors(session, 3)
    bookings = [book(session, person) for person in people]
    Message.objects.all().delete()

    given_up = services.cancel(bookings[2], by=people[2].user, at=NOW)

    assert (given_up.state, given_up.cancelled_at, letters()) == ("cancelled", NOW, [])


def test_who_gave_up_may_ask_again_at_the_end_of_the_queue(session):
    first, second, third = mentors(session, 3)
    given_up = book(session, first)
    book(session, second)
    book(session, third)
    services.cancel(given_up, by=first.user, at=NOW)

    assert book(session, first).state == "waiting"


def test_nobody_gives_up_somebody_elses_place(session):
    booking = book(session, MentorFactory(cohort=session.cohort))

    with pytest.raises(NotPossible, match="^This place is somebody else's.$"):
        services.cancel(booking, by=UserFactory(), at=NOW)


def test_nobody_gives_up_a_place_once_it_has_begun(session):
    person = MentorFactory(cohort=session.cohort)
    booking = book(session, person)

    with pytest.raises(NotPossible, match="has begun already"):
        services.cancel(booking, by=person.user, at=START)


def test_nobody_gives_up_twice(session):
    person = MentorFactory(cohort=session.cohort)
    booking = book(session, person)
    services.cancel(booking, by=person.user, at=NOW)

    with pytest.raises(NotPossible, match="^This booking is “cancelled” already.$"):
        services.cancel(booking, by=person.user, at=NOW)


# Move up


def test_nobody_moves_up_into_a_training_that_has_begun_or_was_called_off(session):
    BookingFactory(session=session, state="waiting", number=None)
    off = SessionFactory(cancelled_at=NOW)
    BookingFactory(session=off, state="waiting", number=None)

    assert (services.move_up(session, at=START), services.move_up(off, at=NOW)) == ([], [])


def test_who_has_left_the_programme_does_not_move_up(session):
    BookingFactory(session=session, state="waiting", number=None, application__state="withdrawn")
    next_one = BookingFactory(session=session, state="waiting", number=None)

    assert services.move_up(session, at=NOW) == [next_one]


# Places of people who have left


@pytest.mark.parametrize("state", ["withdrawn", "declined"])
def test_the_place_of_who_left_the_programme_is_freed_and_the_next_moves_up(session, state):
    people = mentors(session, 3)
    for person in people:
        book(session, person)
    people[0].state = state
    people[0].save()
    Message.objects.all().delete()

    assert (services.free_places(at=NOW), services.free_places(at=NOW)) == (1, 0)

    assert list(session.bookings.order_by("pk").values_list("state", flat=True)) == [
        "cancelled",
        "booked",
        "booked",
    ]
    assert letters() == [
        ("training/email/given_up", people[0].user.email),
        ("training/email/moved_up", people[2].user.email),
    ]


def test_places_in_what_is_over_are_left_alone(session):
    BookingFactory(session=session, application__state="withdrawn")

    assert services.free_places(at=START) == 0
