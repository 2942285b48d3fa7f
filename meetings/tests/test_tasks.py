from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from meetings import tasks
from meetings.models import Meeting
from meetings.tests.factories import PlannedFactory
from mentorship.celery import app
from outbox.models import Message
from partnerships.models import State
from partnerships.tests.factories import pair

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["remind_due", "flag_due", "remind_of_plans", "settle_plans"])
def test_the_clock_rings_for_the_task_and_finds_it_by_its_name(name):
    rings = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]

    assert rings.count(f"meetings.tasks.{name}") == 1
    assert app.tasks[f"meetings.tasks.{name}"].name == getattr(tasks, name).name


@pytest.mark.clause("BM-6")
def test_the_word_of_the_day_before_leaves_by_its_task_once():
    PlannedFactory(partnership=pair(), starts_at=NOW + timedelta(days=1))

    assert (tasks.remind_of_plans(), tasks.remind_of_plans()) == (2, 0)

    assert Message.objects.filter(kind="meetings/email/day_before").count() == 2


@pytest.mark.clause("EI-2")
def test_plans_of_a_pause_are_settled_by_their_task_once():
    partnership = pair()
    PlannedFactory(partnership=partnership)
    partnership.move_to(State.PAUSED, at=NOW)

    assert (tasks.settle_plans(), tasks.settle_plans()) == (1, 0)

    assert Meeting.objects.get().state == "cancelled"
