"""What time does to partnerships."""

from __future__ import annotations

import logging
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from mentorship.lib.refusals import NotPossible
from partnerships import services
from partnerships.models import EndReason, Partnership

log = logging.getLogger(__name__)


@shared_task
def end_due() -> int:
    return end_partnerships_due(timezone.now())


@shared_task
def check_circles() -> int:
    return services.check_circles(at=timezone.now())


def end_partnerships_due(at: datetime) -> int:
    """End every partnership whose cohort's last day has passed, paused ones too (EI-2); how many were ended."""
    due = Partnership.objects.running().filter(cohort__ends_on__lt=timezone.localdate(at))
    ended = 0
    for partnership in list(due):
        try:
            services.end(partnership, by=None, at=at, reason=EndReason.PROGRAMME)
            ended += 1
        except NotPossible:
            log.info("Partnership %s had ended meanwhile.", partnership.pk)
        except (
            Exception
        ):  # one that can't be ended holds back no other; it is tried again with the next sweep
            log.exception("Partnership %s could not be ended.", partnership.pk)
    return ended
