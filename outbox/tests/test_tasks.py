from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from outbox import delivery, tasks
from outbox.models import Message
from outbox.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db


def test_one_tick_sends_more_than_a_batch():
    MessageFactory.create_batch(delivery.BATCH + 1)

    tasks.deliver()

    assert len(mail.outbox) == delivery.BATCH + 1


def test_a_tick_with_nothing_due_asks_one_question(django_assert_num_queries):
    MessageFactory(sent=True)

    with django_assert_num_queries(1):
        tasks.deliver()

    assert mail.outbox == []


@pytest.mark.parametrize(("days", "kept"), [(90, ""), (0, "Hello\n")])
def test_bodies_are_forgotten_after_the_days_that_are_set(settings, days, kept):
    settings.OUTBOX_KEEP_BODIES_DAYS = days
    MessageFactory(sent=True, text="Hello\n", not_before=timezone.now() - timedelta(days=91))

    tasks.forget_bodies()

    assert Message.objects.get().text == kept


def test_of_concerns_nothing_is_kept_for_longer_than_a_day():
    then = timezone.now() - timedelta(hours=25)
    MessageFactory(sent=True, kind="concerns/email/news", not_before=then)
    kept = [
        MessageFactory(kind="concerns/email/news", not_before=then),
        MessageFactory(sent=True, kind="concerns/email/news"),
        MessageFactory(sent=True, not_before=then),
    ]

    tasks.forget_bodies()

    assert set(Message.objects.all()) == set(kept)
