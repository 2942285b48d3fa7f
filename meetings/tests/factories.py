from datetime import UTC, date, datetime

import factory

from meetings.models import ContactFrequency, Meeting
from partnerships.tests.factories import PartnershipFactory


class MeetingFactory(factory.django.DjangoModelFactory):
    """A meeting of an hour by video; who was there is for the test to add."""

    class Meta:
        model = Meeting

    partnership = factory.SubFactory(PartnershipFactory)
    held_on = date(2025, 12, 10)
    minutes = 60
    format = Meeting.Format.VIDEO
    logged_at = datetime(2025, 12, 10, 18, tzinfo=UTC)


class ContactFrequencyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContactFrequency

    partnership = factory.SubFactory(PartnershipFactory)
    frequency = ContactFrequency.Frequency.WEEKLY
    agreed_at = datetime(2025, 12, 10, 18, tzinfo=UTC)
