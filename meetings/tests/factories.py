from datetime import UTC, date, datetime

import factory

from meetings.models import ContactFrequency, Meeting, State
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


class PlannedFactory(factory.django.DjangoModelFactory):
    """A meeting planned for the day after `NOW`, an hour by video from five in the afternoon."""

    class Meta:
        model = Meeting

    partnership = factory.SubFactory(PartnershipFactory)
    state = State.PLANNED
    starts_at = datetime(2026, 1, 15, 17, tzinfo=UTC)
    planned_at = datetime(2026, 1, 10, 9, tzinfo=UTC)
    minutes = 60
    format = Meeting.Format.VIDEO


def noted(partnership, confirmed_by=(), present=None, **facts):
    """A held meeting with who was there: everybody, unless told otherwise; by whom it is confirmed is for the test."""
    meeting = MeetingFactory(partnership=partnership, **facts)
    for member in present or partnership.memberships.select_related("application__user").order_by("pk"):
        has_confirmed = member.application.user in confirmed_by
        meeting.attendances.create(
            membership=member, confirmed_at=meeting.logged_at if has_confirmed else None
        )
    return meeting
