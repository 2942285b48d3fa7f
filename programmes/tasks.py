"""What time does to programmes."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from programmes import school_pages


@shared_task
def check_school_pages() -> int:
    """Ask the School's pages that weren't asked for a week whether they answer (EI-1f); how many were asked."""
    return school_pages.check(at=timezone.now())
