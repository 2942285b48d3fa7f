"""Both sides, or several sweeps, at the same moment."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from meetings import services
from meetings.models import ContactFrequency, Meeting
from meetings.services.nudging import nudge_by_hand, remind_due
from meetings.tests.factories import PlannedFactory
from meetings.tests.people import person
from outbox.models import Message
from partnerships.tests.factories import pair
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory
from tests.at_once import at_once

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


def late_pairs(count):
    """With a rhythm of four to six weeks from 1 December, the first meeting is due by 12 January."""
    programme = ProgrammeFactory(weeks_between_meetings_least=4, weeks_between_meetings_most=6)
    cohort = CohortFactory(programme=programme)
    return [pair(cohort=cohort) for _ in range(count)]


def test_both_sides_logging_at_the_same_moment_make_one_meeting():
    partnership = pair()
    log = partial(
        services.log_meeting,
        partnership,
        held_on=date(2026, 1, 14),
        minutes=60,
        format="video",
        is_official=False,
        frequency="weekly",
        at=NOW,
    )

    at_once(*[partial(log, by=person(partnership, part)) for part in ("mentor", "mentee") * 4])

    assert (Meeting.objects.count(), ContactFrequency.objects.count()) == (1, 1)
    assert Meeting.objects.get().attendances.count() == 2


def test_both_sides_planning_the_same_at_the_same_moment_make_one_plan():
    partnership = pair()
    plan = partial(
        services.plan,
        partnership,
        starts_at=datetime(2026, 1, 20, 17, tzinfo=UTC),
        minutes=60,
        format="video",
        at=NOW,
    )

    at_once(*[partial(plan, by=person(partnership, part)) for part in ("mentor", "mentee") * 4])

    assert (Meeting.objects.count(), Message.objects.count()) == (1, 2)


def test_sweeps_at_the_same_moment_write_each_word_of_the_day_before_once():
    for _ in range(3):
        PlannedFactory(partnership=pair())

    at_once(*[partial(services.remind_of_plans, at=NOW + timedelta(minutes=5))] * 4)

    assert Message.objects.filter(kind="meetings/email/day_before").count() == 6


def test_sweeps_at_the_same_moment_write_each_reminder_once():
    late_pairs(3)

    at_once(*[partial(remind_due, at=NOW)] * 4)

    assert Message.objects.filter(kind="meetings/email/reminder").count() == 6


def test_a_sweep_and_the_office_at_the_same_moment_send_one_mail_each():
    late = late_pairs(8)
    admin = DutyFactory(programme=late[0].cohort.programme).user
    by_hand = partial(nudge_by_hand, late[::-1], by=admin, at=NOW)

    at_once(*[partial(remind_due, at=NOW), by_hand] * 3)

    assert Message.objects.filter(kind="meetings/email/reminder").count() == 16
