"""Absences in tests: whose, how long, and who was told."""

from datetime import UTC, date, datetime

from outbox.models import Message
from partnerships.services.absences import announce
from programmes.tests.factories import CohortFactory, DisclosedFactFactory

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
# From today on, 14 February is the first day beyond a calendar month.
A_MONTH, LONGER = date(2026, 2, 13), date(2026, 2, 14)


def cohort_with_names(facts=("name", "email", "bio")):
    cohort = CohortFactory()
    for direction in ("of_mentor", "of_mentee", "in_circle"):
        for fact in facts:
            DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact=fact)
    return cohort


def facilitator_of(partnership):
    return partnership.memberships.get(part="facilitator").application


def go(application, until_on=LONGER, from_on=TODAY, at=NOW, **details):
    return announce(application, by=application.user, from_on=from_on, until_on=until_on, at=at, **details)


def sent(kind="away"):
    return Message.objects.filter(kind=f"partnerships/email/{kind}").order_by("pk")


def to_whom(kind="away"):
    return sorted(sent(kind).values_list("to", flat=True))


def addresses(*applications):
    return sorted(application.user.email for application in applications)
