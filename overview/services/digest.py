"""The letter that each programme's team has on Mondays (BM-11)."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from outbox import services as outbox
from outbox.models import Message
from overview.queries import digest
from programmes import school_pages
from programmes.models import Programme

log = logging.getLogger(__name__)
NINE = time(9)


def send_due(*, at: datetime) -> int:
    """Write to the team of every programme that runs, once a week from Monday at nine; how many were written.

    A Monday that was missed is made up for later in the week. Safe to run twice and at once, since the key of a
    letter names its week; one that fails holds back no other.
    """
    if at < _monday_at_nine(at):
        return 0
    written = 0
    for programme in _without_a_letter(at):
        try:
            _send(programme, at=at)
            written += 1
        except Exception:  # it is tried again with the next sweep
            log.exception("The weekly letter of programme %s could not be written.", programme.pk)
    return written


def _without_a_letter(at: datetime) -> list[Programme]:
    due = list(digest.programmes_due(on=timezone.localdate(at)))
    keys = [_key(programme, at) for programme in due]
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return [programme for programme in due if _key(programme, at) not in known]


@transaction.atomic
def _send(programme: Programme, *, at: datetime) -> None:
    cohorts = digest.current_cohorts(on=timezone.localdate(at)).filter(programme=programme)
    outbox.post(
        "overview/email/digest",
        to=programme.contact_email,
        key=_key(programme, at),
        programme=programme.slug,
        context={
            "programme": programme,
            "week_of": timezone.localdate(_monday_at_nine(at)),
            "due": school_pages.due(programme.school_pages.order_by("which"), on=timezone.localdate(at)),
            "cohorts": [digest.figures(cohort, at=at) for cohort in cohorts],
        },
        at=at,
    )


def _key(programme: Programme, at: datetime) -> str:
    """One letter a programme and ISO week."""
    year, week, _ = timezone.localdate(at).isocalendar()
    return f"digest/{programme.pk}/{year}-W{week}"


def _monday_at_nine(at: datetime) -> datetime:
    today = timezone.localdate(at)
    return timezone.make_aware(datetime.combine(today - timedelta(days=today.weekday()), NINE))
