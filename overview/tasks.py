"""The clock's calls for what spans several floors."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from overview.equality import snapshots
from overview.services import digest, erasing, purging, requesting


@shared_task
def send_digests() -> int:
    """Write the weekly letters that are due; safe to run twice and at once, since a letter's key makes it one."""
    return digest.send_due(at=timezone.now())


@shared_task
def take_snapshots() -> int:
    """Count the equality figures of this month where that is still to do; safe to run twice and at once."""
    return snapshots.take_due(at=timezone.now())


@shared_task
def carry_out_erasures() -> int:
    """Erase who asked for it and whom nothing holds; safe to run twice and at once, since each is locked."""
    return erasing.carry_out_due(at=timezone.now())


@shared_task
def purge() -> int:
    """Announce what is due to be deleted, or delete what was announced a week ago; how many rows went."""
    return purging.sweep(at=timezone.now())


@shared_task
def remind_of_requests() -> int:
    """Remind superusers of requests about data that are due (Article 12(3) UK GDPR); how many letters."""
    return requesting.remind(at=timezone.now())
