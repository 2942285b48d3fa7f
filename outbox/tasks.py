"""The clock's calls. Each is safe to run twice, and at the same time."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from outbox import delivery, services

KEEP_CONCERNS = timedelta(days=1)  # handlers see meanwhile whether mail about a case went out
SECONDS_AT_A_TIME = 20  # then the next tick goes on, so that a worker told to stop does so soon


@shared_task
def deliver() -> None:
    """Send batch after batch until nothing is due, the server can't be reached, or the time is up."""
    until = monotonic() + SECONDS_AT_A_TIME
    while delivery.deliver_batch() and monotonic() < until:
        pass


@shared_task
def forget_bodies() -> None:
    """Forget what was said in messages that are older than OUTBOX_KEEP_BODIES_DAYS (0: never), and concerns' wholly."""
    services.forget_concerns(before=timezone.now() - KEEP_CONCERNS)
    if settings.OUTBOX_KEEP_BODIES_DAYS:
        services.forget_bodies(before=timezone.now() - timedelta(days=settings.OUTBOX_KEEP_BODIES_DAYS))
