"""What time does to the office's letters."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from overview.services import digest


@shared_task
def send_digests() -> int:
    """Write the weekly letters that are due; safe to run twice and at once, since a letter's key makes it one."""
    return digest.send_due(at=timezone.now())
