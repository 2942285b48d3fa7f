from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from meetings import tasks
from mentorship.celery import app
from outbox.models import Message
from partnerships.tests.factories import pair

pytestmark = pytest.mark.django_db


def test_the_clock_knows_the_task_by_its_name():
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert tasks.remind_unmet.name in names
    assert app.tasks[tasks.remind_unmet.name] is not None


def test_a_sweep_that_was_missed_for_weeks_loses_nothing_and_two_of_them_write_once(clock):
    pair()
    clock.shift(timedelta(weeks=3))

    assert (tasks.remind_unmet(), tasks.remind_unmet()) == (2, 0)

    assert Message.objects.filter(kind="meetings/email/no_meeting_yet").count() == 2


def test_the_days_count_from_the_cohorts_start_for_who_was_introduced_before_it(clock):
    introduced = datetime(2025, 10, 1, 9, tzinfo=UTC)
    made = pair(introduced_at=introduced)
    clock.move_to(datetime(2025, 12, 22, 9, tzinfo=UTC))  # 21 days after the first of December
    assert tasks.remind_unmet() == 0

    clock.shift(timedelta(days=1))

    assert tasks.remind_unmet() == 2
    assert made.introduced_at == introduced
