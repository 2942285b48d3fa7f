"""What time does to the office's letters and figures."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from overview.equality import snapshots
from overview.services import digest


@shared_task
def send_digests() -> int:
    """Write the weekly letters that are due; safe to run twice and at once, since a letter's key makes it one."""
    return digest.send_due(at=timezone.now())


@shared_task
def take_snapshots() -> int:
    """Count the equality figures of this month where that is still to do; safe to run twice and at once."""
    return snapshots.take_due(at=timezone.now())
