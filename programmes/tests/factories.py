from datetime import date

import factory

from accounts.tests.factories import UserFactory
from programmes.models import (
    Cohort,
    DisclosedFact,
    Duty,
    KeyDate,
    Option,
    Pathway,
    PolicyVersion,
    Programme,
    Weight,
)


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    name = factory.Sequence(lambda n: f"Programme {n}")
    team_name = "The programme team"
    summary = "A programme."
    introduction = "What it is."
    audience = "For whom."
    contact_address = factory.Sequence(lambda n: f"team{n}@lse.example")
    safeguarding_url = "https://school.example/safeguarding"
    privacy_url = "https://school.example/privacy"


class PolicyVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PolicyVersion

    programme = factory.SubFactory(ProgrammeFactory)
    kind = PolicyVersion.Kind.POLICY
    label = factory.Sequence(lambda n: f"v{n}")
    text = "The policy."
    published_on = date(2025, 9, 1)


class DisclosedFactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DisclosedFact

    policy_version = factory.SubFactory(PolicyVersionFactory)
    direction = "of_mentor"
    fact = "name"
    position = factory.Sequence(lambda n: n)


class CohortFactory(factory.django.DjangoModelFactory):
    """A cohort from December 2025 to April 2026, open for sign-up from October to mid-November."""

    class Meta:
        model = Cohort

    programme = factory.SubFactory(ProgrammeFactory)
    slug = "2025-26"
    name = "2025–26"
    sign_up_opens_on = date(2025, 10, 1)
    sign_up_closes_on = date(2025, 11, 16)
    starts_on = date(2025, 12, 1)
    ends_on = date(2026, 4, 30)
    policy = factory.SubFactory(PolicyVersionFactory, programme=factory.SelfAttribute("..programme"))


class PathwayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pathway

    programme = factory.SubFactory(ProgrammeFactory)
    kind = Pathway.Kind.ONE_TO_ONE
    label = "One-to-one"


class WeightFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Weight

    pathway = factory.SubFactory(PathwayFactory)
    part = Weight.Part.SECTORS
    strength = Weight.Strength.SOME


class OptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Option

    programme = factory.SubFactory(ProgrammeFactory)
    fact = "sectors"
    name = factory.Sequence(lambda n: f"Option {n}")


class KeyDateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = KeyDate

    cohort = factory.SubFactory(CohortFactory)
    kind = KeyDate.Kind.MEETING
    title = factory.Sequence(lambda n: f"Meeting {n}")
    opens_on = date(2025, 12, 1)
    closes_on = date(2026, 1, 31)


class DutyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Duty

    user = factory.SubFactory(UserFactory)
    programme = factory.SubFactory(ProgrammeFactory)
    kind = Duty.Kind.ADMINISTER
