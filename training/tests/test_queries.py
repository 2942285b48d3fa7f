"""What other pages ask of training (BM-12)."""

from datetime import UTC, datetime, timedelta

import pytest

from applications.tests.factories import ApplicationFactory, MentorFactory
from training import queries
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-12")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


def listed_for(application):
    return list(queries.listed_sessions_of(application.user, at=NOW).order_by("pk"))


def test_listed_is_what_lies_ahead_for_my_cohort_and_role():
    me = MentorFactory()
    mine, everybodys = (SessionFactory(cohort=me.cohort, role=role) for role in ("mentor", ""))
    SessionFactory(cohort=me.cohort, role="mentee")
    SessionFactory(cohort=me.cohort, cancelled_at=NOW)
    SessionFactory(cohort=me.cohort, starts_at=NOW)
    SessionFactory()

    assert listed_for(me) == [mine, everybodys]


def test_a_session_stands_once_for_who_is_mentor_and_mentee():
    me = MentorFactory()
    ApplicationFactory(cohort=me.cohort, user=me.user)
    session = SessionFactory(cohort=me.cohort, role="")
    BookingFactory(session=session, application=me)

    assert listed_for(me) == [session]


def test_who_takes_no_part_any_more_is_offered_nothing():
    me = MentorFactory(state="withdrawn")
    SessionFactory(cohort=me.cohort)

    assert listed_for(me) == []


def test_what_is_over_is_listed_for_who_had_a_place():
    me = MentorFactory()
    over = SessionFactory(cohort=me.cohort, starts_at=NOW - timedelta(days=1))
    SessionFactory(cohort=me.cohort, starts_at=NOW - timedelta(days=1))
    BookingFactory(session=over, application=me)

    assert listed_for(me) == [over]
