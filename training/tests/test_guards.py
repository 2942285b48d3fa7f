"""What stands between people and trainings that aren't theirs, where no other test would miss it (ALL-1, BM-12)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from applications.tests.factories import MentorFactory
from programmes.tests.factories import DutyFactory
from programmes.tests.pages import filled_in
from training import queries
from training.models import Booking
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1"), pytest.mark.clause("BM-12")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


def test_what_is_over_is_listed_for_who_had_a_place_and_not_for_others_of_the_cohort():
    attended = MentorFactory()
    colleague = MentorFactory(cohort=attended.cohort)
    over = SessionFactory(cohort=attended.cohort, starts_at=NOW - timedelta(days=7))
    BookingFactory(session=over, application=attended)

    listed = [list(queries.listed_sessions_of(each.user, at=NOW)) for each in (attended, colleague)]

    assert listed == [[over], []]


def test_an_office_gives_nobody_a_place(client):
    """Places are the people's own to take: a row that is added to the page by hand books nothing."""
    session = SessionFactory()
    client.force_login(DutyFactory(programme=session.cohort.programme).user)
    page = reverse("admin:training_session_change", args=[session.pk])
    filled = filled_in(client.get(page), "session_form")
    added = {"bookings-TOTAL_FORMS": "1", "bookings-0-session": session.pk, "bookings-0-has_attended": "true"}

    client.post(page, filled | added)

    assert Booking.objects.count() == 0
    assert "bookings-__prefix__" not in client.get(page).content.decode()
