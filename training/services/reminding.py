"""Remind once of a training, the day before (BM-12)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from applications.models import Absence
from mentorship.lib.moments import morning_before
from outbox.models import Message
from training.models import Booking
from training.queries import HAS_LEFT
from training.services import letters
from training.services.locking import lock

# From nine in the morning to the end of the next day, and an hour more when clocks go back.
LONGEST = timedelta(hours=40)

log = logging.getLogger(__name__)


def remind_of_training(*, at: datetime) -> int:
    """Remind everybody with a place whose reminder is due and wasn't written yet; how many were written.

    What was missed is still written, but never after the start. Nobody away today is reminded (EI-1d).
    """
    reminded = 0
    for booking in _unreminded(_booked_soon(at=at), at=at):
        try:
            reminded += _remind(booking, at=at)
        except Exception:  # holds back no other, and is tried again with the next sweep
            log.exception("Booking %s could not be reminded.", booking.pk)
    return reminded


@transaction.atomic
def _remind(booking: Booking, *, at: datetime) -> bool:
    """Asked again under the lock: the place may just have been given up, or another sweep been faster."""
    session = lock(booking.session_id)
    still = _unreminded(_booked_soon(at=at).filter(pk=booking.pk), at=at)
    for booking in still:
        letters.post("tomorrow", booking, session=session, at=at)
    return bool(still)


def _booked_soon(*, at: datetime) -> QuerySet[Booking]:
    away = Absence.objects.on(timezone.localdate(at)).filter(application=OuterRef("application"))
    ahead = Booking.objects.booked().filter(
        ~Exists(away),
        session__cancelled_at=None,
        session__starts_at__gt=at,
        session__starts_at__lte=at + LONGEST,
    )
    return ahead.exclude(application__state__in=HAS_LEFT).select_related("session", "application__user")


def _unreminded(bookings: Iterable[Booking], *, at: datetime) -> list[Booking]:
    """Those whose reminder is due and was not written, and who learned of this date before it was due."""
    bookings = list(bookings)
    names = ("tomorrow", "moved_up")
    keys = [letters.key_of(name, each, each.session) for each in bookings for name in names]
    written = dict(Message.objects.filter(key__in=keys).order_by().values_list("key", "created_at"))
    return [each for each in bookings if _is_due(each, written, at=at)]


def _is_due(booking: Booking, written: dict[str, datetime], *, at: datetime) -> bool:
    session = booking.session
    if letters.key_of("tomorrow", booking, session) in written:
        return False
    moved_up_at = written.get(letters.key_of("moved_up", booking, session), booking.asked_at)
    due = morning_before(session.starts_at, booking.application.user.zone)
    return max(booking.asked_at, session.changed_at, moved_up_at) < due <= at
