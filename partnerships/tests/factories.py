from datetime import UTC, date, datetime

import factory

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from partnerships.models import Flag, Membership, Partnership, Place, Seat
from programmes.tests.factories import CohortFactory


class PartnershipFactory(factory.django.DjangoModelFactory):
    """An empty active one-to-one partnership; see `pair` for one with people in it."""

    class Meta:
        model = Partnership

    cohort = factory.SubFactory(CohortFactory)
    pathway = "one_to_one"
    introduced_at = datetime(2025, 12, 1, 9, tzinfo=UTC)


class PlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    application = factory.SubFactory(MentorFactory)
    pathway = "one_to_one"
    number = factory.Sequence(lambda n: n % 20 + 1)


class SeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Seat

    user = factory.SubFactory(UserFactory)
    number = factory.LazyAttribute(lambda seat: Seat.objects.filter(user=seat.user).count() + 1)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    partnership = factory.SubFactory(PartnershipFactory)
    application = factory.SubFactory(ApplicationFactory)
    part = Membership.Part.MENTEE
    joined_on = date(2025, 12, 1)
    seat = factory.LazyAttribute(
        lambda row: None if row.part == Membership.Part.MENTEE else SeatFactory(user=row.application.user)
    )


def pair(cohort=None, mentor=None, mentee=None, **partnership):
    """An active pair of a mentor and a mentee of one cohort who accepted its policy; returns the partnership."""
    cohort = cohort or (mentor.cohort if mentor else mentee.cohort if mentee else CohortFactory())
    mentor = mentor or MentorFactory(cohort=cohort)
    mentee = mentee or ApplicationFactory(cohort=cohort)
    made = PartnershipFactory(cohort=cohort, **partnership)
    place = PlaceFactory(application=mentor, number=1)
    _accept(mentor, mentee)
    MembershipFactory(partnership=made, application=mentor, part=Membership.Part.MENTOR, place=place)
    MembershipFactory(partnership=made, application=mentee)
    return made


class FlagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Flag

    partnership = factory.SubFactory(PartnershipFactory)
    kind = Flag.Kind.BROKEN
    raised_at = datetime(2026, 1, 10, 9, tzinfo=UTC)


def circle(cohort=None, facilitator=None, members=3, **partnership):
    """An active circle with one facilitator and some members; returns the partnership."""
    cohort = cohort or (facilitator.cohort if facilitator else CohortFactory())
    facilitator = facilitator or MentorFactory(cohort=cohort, can_facilitate=True, places=0)
    details = {"pathway": "circle", "name": f"Circle {cohort.partnerships.count() + 1}", **partnership}
    made = PartnershipFactory(cohort=cohort, **details)
    place = PlaceFactory(application=facilitator, pathway="circle", number=1)
    MembershipFactory(
        partnership=made, application=facilitator, part=Membership.Part.FACILITATOR, place=place
    )
    people = [ApplicationFactory(cohort=cohort, pathway="circle") for _ in range(members)]
    for person in people:
        MembershipFactory(partnership=made, application=person)
    _accept(facilitator, *people)
    return made


def _accept(*applications):
    for application in applications:
        if not application.acceptances.exists():
            PolicyAcceptanceFactory(application=application)
