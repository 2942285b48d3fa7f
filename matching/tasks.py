"""What time does to matching. Every sweep is safe to run twice and at once."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from matching.services import offering, releasing, runs


@shared_task
def introduce_due() -> int:
    """Introduce the people whose release can't be called back any more."""
    return releasing.introduce_due(timezone.now())


@shared_task
def lapse_offers() -> int:
    """Close offers that nobody answered in time, and let the places go."""
    return offering.lapse_offers(timezone.now())


@shared_task
def carry_out_waiting() -> int:
    """Carry out the match runs that wait; on a queue of its own, since one may take minutes."""
    return runs.carry_out_waiting(timezone.now)
