"""What time does to training."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from training import services


@shared_task
def remind_of_training() -> int:
    """Remind of a training the day before; safe to run twice and at once, since a reminder's key makes it one."""
    return services.remind_of_training(at=timezone.now())


@shared_task
def free_places() -> int:
    """Free places of people who have left the programme; a place that is free already is left alone."""
    return services.free_places(at=timezone.now())
