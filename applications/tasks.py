"""What time does to applications; every sweep is safe to run twice, since each message's key makes it one."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from applications.services import asking, continuing, holding, interest, noticing


@shared_task
def ask_again() -> int:
    """Ask for the acceptance of new versions (EI-1a); how many people were written to."""
    return asking.ask_again(at=timezone.now())


@shared_task
def take_up_held() -> int:
    """Tell those whose hold is over (BM-9); how many people were written to."""
    return holding.take_up(at=timezone.now())


@shared_task
def tell_of_next_cohort() -> int:
    """Tell those who would like to continue that sign-up is open (EI-3); how many people were written to."""
    return continuing.tell_of_next_cohort(at=timezone.now())


@shared_task
def tell_of_widening() -> int:
    """Tell those outside a programme that it has widened (BM-3); how many people were written to."""
    return interest.tell_of_widening(at=timezone.now())


@shared_task
def make_notices_known() -> int:
    """Tell of a new privacy notice whom it concerns; how many people were written to."""
    return noticing.make_known(at=timezone.now())
