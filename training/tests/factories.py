from datetime import UTC, datetime

import factory

from applications.tests.factories import MentorFactory
from programmes.tests.factories import CohortFactory
from training.models import Booking, Session, State


class SessionFactory(factory.django.DjangoModelFactory):
    """A session on one-to-one mentoring in February with two places."""

    class Meta:
        model = Session

    cohort = factory.SubFactory(CohortFactory)
    kind = Session.Kind.ONE_TO_ONE
    title = factory.Sequence(lambda n: f"Training {n}")
    starts_at = datetime(2026, 2, 10, 14, tzinfo=UTC)
    minutes = 90
    place = "Room 1.04"
    places = 2
    changed_at = datetime(2026, 1, 10, 9, tzinfo=UTC)


class BookingFactory(factory.django.DjangoModelFactory):
    """A booked place."""

    class Meta:
        model = Booking

    session = factory.SubFactory(SessionFactory)
    application = factory.SubFactory(MentorFactory, cohort=factory.SelfAttribute("..session.cohort"))
    state = State.BOOKED
    number = factory.LazyAttribute(lambda booking: booking.session.bookings.booked().count() + 1)
    asked_at = datetime(2026, 1, 10, 9, tzinfo=UTC)
