from datetime import UTC, date, datetime

import factory

from accounts.tests.factories import UserFactory
from applications.models import Absence, Application, PolicyAcceptance, State
from programmes.tests.factories import CohortFactory


class ApplicationFactory(factory.django.DjangoModelFactory):
    """An accepted mentee, unless told otherwise."""

    class Meta:
        model = Application

    user = factory.SubFactory(UserFactory)
    cohort = factory.SubFactory(CohortFactory)
    role = "mentee"
    state = State.ACCEPTED
    started_at = datetime(2025, 10, 6, 9, tzinfo=UTC)
    submitted_at = datetime(2025, 10, 7, 9, tzinfo=UTC)
    decided_at = datetime(2025, 11, 17, 9, tzinfo=UTC)

    class Params:
        draft = factory.Trait(state=State.DRAFT, submitted_at=None, decided_at=None)
        waiting = factory.Trait(state=State.SUBMITTED, decided_at=None)


class MentorFactory(ApplicationFactory):
    """An accepted mentor with room for one."""

    role = "mentor"
    places = 1


class AbsenceFactory(factory.django.DjangoModelFactory):
    """Two weeks away, from a day after `NOW` on."""

    class Meta:
        model = Absence

    application = factory.SubFactory(ApplicationFactory)
    from_on = date(2026, 1, 15)
    until_on = date(2026, 1, 28)
    announced_at = datetime(2026, 1, 10, 9, tzinfo=UTC)


class PolicyAcceptanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PolicyAcceptance

    application = factory.SubFactory(ApplicationFactory)
    policy_version = factory.LazyAttribute(lambda o: o.application.cohort.policy)
    accepted_at = datetime(2025, 10, 7, 9, tzinfo=UTC)
    source = PolicyAcceptance.Source.WEB
