"""Pairs whose meeting has slipped, and the reminders that were written, for tests."""

from datetime import UTC, datetime, timedelta

from accounts.tests.factories import UserFactory
from applications.tests.factories import MentorFactory
from outbox.models import Message
from partnerships.tests.factories import pair
from programmes.facts import Direction
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, ProgrammeFactory

# With a rhythm of four to six weeks from 1 December, the first meeting is due by 12 January.
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def rhythm(**cohort):
    """A cohort that meets every four to six weeks, under a policy that shows each side the other's name."""
    programme = ProgrammeFactory(
        weeks_between_meetings_least=4, weeks_between_meetings_most=6, first_meeting_within_days=42
    )
    made = CohortFactory(programme=programme, **cohort)
    for direction in Direction.values:
        DisclosedFactFactory(policy_version=made.policy, direction=direction, fact="name")
    return made


def late_pair(**details):
    return pair(cohort=details.pop("cohort", None) or rhythm(), **details)


def people(partnership):
    return [row.application.user for row in partnership.memberships.order_by("pk")]


def nudges(**which):
    return Message.objects.filter(kind="meetings/email/reminder", **which).order_by("pk")


def receivers():
    return sorted(nudges().values_list("to", flat=True))


def two_programmes():
    """Somebody who mentors in two programmes, in both of which a meeting has slipped."""
    user = UserFactory()
    made = []
    for _ in range(2):
        cohort = rhythm()
        made.append(pair(cohort=cohort, mentor=MentorFactory(cohort=cohort, user=user)))
    return user, made
