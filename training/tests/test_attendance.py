"""Who was there, and what follows from it (BM-12)."""

from datetime import UTC, datetime, timedelta

import pytest

from applications.tests.factories import MentorFactory
from mentorship.lib.refusals import NotPossible
from programmes.tests.factories import CohortFactory, DutyFactory
from training import queries, services
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-12")]
START = datetime(2026, 2, 10, 14, tzinfo=UTC)


@pytest.fixture
def booking():
    return BookingFactory()


@pytest.fixture
def office(booking):
    return DutyFactory(programme=booking.session.cohort.programme).user


@pytest.mark.parametrize("was_there", [True, False, None])
def test_the_office_records_who_was_there(booking, office, was_there):
    booking.has_attended = True
    booking.save()

    services.record_attendance(booking, by=office, has_attended=was_there, at=START)

    booking.refresh_from_db()
    assert booking.has_attended is was_there


def test_nothing_is_recorded_before_it_begins(booking, office):
    with pytest.raises(NotPossible, match="^This training hasn't begun yet.$"):
        services.record_attendance(booking, by=office, has_attended=True, at=START - timedelta(seconds=1))


def test_nobody_records_their_own_attendance(booking):
    DutyFactory(programme=booking.session.cohort.programme, user=booking.application.user)

    with pytest.raises(NotPossible, match="^You can't record your own attendance: ask a colleague.$"):
        services.record_attendance(booking, by=booking.application.user, has_attended=True, at=START)


@pytest.mark.parametrize(
    "other",
    [{"state": "waiting"}, {"state": "cancelled", "cancelled_at": START}],
    ids=lambda row: row["state"],
)
def test_only_who_has_a_place_attends(booking, office, other):
    without = BookingFactory(session=booking.session, number=None, **other)

    with pytest.raises(NotPossible, match="^Only who has a place attends.$"):
        services.record_attendance(without, by=office, has_attended=True, at=START)


@pytest.mark.clause("ALL-1")
def test_participants_and_other_offices_record_nothing(booking):
    participant = MentorFactory(cohort=booking.session.cohort).user

    for by in (participant, DutyFactory().user):
        with pytest.raises(NotPossible, match="^You don't administer this programme.$"):
            services.record_attendance(booking, by=by, has_attended=True, at=START)


# What a programme asks before it introduces a mentor


def test_who_attended_in_any_cohort_of_the_programme_has_attended(django_assert_num_queries):
    programme = CohortFactory().programme
    sessions = [
        SessionFactory(cohort__programme=programme, cohort__slug=slug, kind="circle") for slug in ("a", "b")
    ]
    attended = [BookingFactory(session=session, has_attended=True) for session in sessions]
    users = [booking.application.user_id for booking in attended]

    with django_assert_num_queries(1):
        found = queries.has_attended([*users, 0], programme, "circle")

    assert found == set(users)


@pytest.mark.parametrize(
    "other",
    [
        {"has_attended": False},
        {"has_attended": None},
        {"has_attended": True, "session__kind": "one_to_one"},
        {"state": "waiting", "number": None},
    ],
    ids=str,
)
def test_neither_a_booking_nor_another_kind_is_attendance(other):
    booking = BookingFactory(**{"session__kind": "circle", **other})
    programme = booking.session.cohort.programme

    assert queries.has_attended([booking.application.user_id], programme, "circle") == set()


@pytest.mark.clause("ALL-1")
def test_attendance_in_another_programme_doesnt_count():
    booking = BookingFactory(has_attended=True)

    assert (
        queries.has_attended([booking.application.user_id], CohortFactory().programme, "one_to_one") == set()
    )


def test_only_who_was_asked_about_is_answered():
    booking = BookingFactory(has_attended=True)

    assert queries.has_attended([], booking.session.cohort.programme, "one_to_one") == set()
