"""The clock and the doorbell: what is on the schedule exists, and the broker takes what it is given."""

import pytest
from django.conf import settings

from mentorship.celery import app


def queues():
    return {
        settings.CELERY_TASK_DEFAULT_QUEUE,
        *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values()),
    }


def test_everything_on_the_schedule_is_a_task_that_exists():
    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled - set(app.tasks) == set()


def test_a_tick_that_no_worker_took_expires():
    without = [
        name for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if "expires" not in entry["options"]
    ]

    assert without == []


@pytest.mark.parametrize("queue", sorted(queues()))
def test_the_broker_keeps_a_task_until_a_worker_takes_it(queue):
    with app.connection_for_write() as connection:
        app.send_task("outbox.tasks.deliver", queue=queue, connection=connection)
        waiting = connection.SimpleQueue(queue)
        message = waiting.get(timeout=2)
        message.ack()
        waiting.close()

    assert message.headers["task"] == "outbox.tasks.deliver"
