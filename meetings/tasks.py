"""What time does to meetings that weren't held."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from meetings import services


@shared_task
def remind_unmet() -> int:
    """Remind who hasn't met yet; safe to run twice and at once, since a reminder's key makes it one."""
    return services.remind_unmet(at=timezone.now())
