"""The clock of concerns."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from concerns import clock, services
from concerns.models import Case


@shared_task
def chase_unanswered() -> None:
    """Remind the handlers of what waits too long for its answer, on working days in office hours (EI-6)."""
    at = timezone.now()
    if not clock.is_office_hour(at):
        return
    for case in Case.objects.overdue(at).select_related("programme").order_by("answer_due_at", "pk"):
        services.chase(case, at=at)
