"""What time does to meetings that weren't held."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from meetings.services import flagging, nudging, reminding, settling


@shared_task
def remind_due() -> int:
    """Remind who hasn't met; safe to run twice and at once, since each reminder is a row under a unique key."""
    return nudging.remind_due(at=timezone.now())


@shared_task
def flag_due() -> int:
    """Flag for the office what has gone quiet for too long."""
    return flagging.flag_due(at=timezone.now())


@shared_task
def remind_of_plans() -> int:
    """Ask everybody to prepare the day before a planned meeting; safe to run twice and at once, by its keys."""
    return reminding.remind_of_plans(at=timezone.now())


@shared_task
def settle_plans() -> int:
    """Cancel what is planned where nothing is planned any more; safe to run twice and at once, under locks."""
    return settling.settle_plans(at=timezone.now())
