"""Take a place or wait for one, give it up, move up (BM-12). Every move is made under the session's lock."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from training.models import Booking, Session, State
from training.queries import HAS_LEFT, applications_for
from training.services import letters
from training.services.locking import booking_in, free_numbers, lock, refuse_unless_ahead

log = logging.getLogger(__name__)


@transaction.atomic
def book(session: Session, *, by: User, at: datetime) -> Booking:
    """Take the lowest free place, or the end of the waiting list; asking twice gives what one has."""
    session = lock(session.pk)
    refuse_unless_ahead(session, at=at)
    if standing := session.bookings.standing().of(by).first():
        return standing
    application = applications_for(session, by).select_related("user").first()
    if application is None:
        raise NotPossible("This training is for other people of the programme.")
    number = next(free_numbers(session), None)
    booking = Booking.objects.create(
        session=session,
        application=application,
        state=State.BOOKED if number else State.WAITING,
        number=number,
        asked_at=at,
    )
    if number:
        letters.post("booked", booking, session=session, at=at, calendar="REQUEST")
    else:
        letters.post("waiting", booking, session=session, at=at)
    return booking


@transaction.atomic
def cancel(booking: Booking, *, by: User, at: datetime) -> Booking:
    """Give up one's place, or one's turn in the queue; whoever is next moves up and is told."""
    session = lock(booking.session_id)
    booking = booking_in(session, booking)
    if booking.application.user_id != by.pk:
        raise NotPossible("This place is somebody else's.")
    refuse_unless_ahead(session, at=at)
    return _free(session, booking, at=at, is_own=True)


@transaction.atomic
def move_up(session: Session, *, at: datetime) -> list[Booking]:
    """Give free places to who waits, in turn, and tell them; nobody moves up once it has begun."""
    session = lock(session.pk)
    if session.cancelled_at or session.starts_at <= at:
        return []
    waiting = session.bookings.waiting().exclude(application__state__in=HAS_LEFT)
    moved = []
    for number, booking in zip(
        free_numbers(session), waiting.select_related("application__user"), strict=False
    ):
        booking.move_to(State.BOOKED)
        booking.number = number
        booking.save(update_fields=["state", "number"])
        letters.post("moved_up", booking, session=session, at=at, calendar="REQUEST")
        moved.append(booking)
    return moved


def free_places(*, at: datetime) -> int:
    """Free the places of people who have left the programme meanwhile; how many were freed.

    Lower floors don't know of training, so this is asked time and again rather than told.
    """
    held = Booking.objects.standing().filter(
        session__cancelled_at=None, session__starts_at__gt=at, application__state__in=HAS_LEFT
    )
    freed = 0
    for booking in list(held):
        try:
            freed += _free_of_who_left(booking, at=at)
        except Exception:  # holds back no other, and is tried again with the next sweep
            log.exception("The place of booking %s could not be freed.", booking.pk)
    return freed


@transaction.atomic
def _free_of_who_left(booking: Booking, *, at: datetime) -> bool:
    session = lock(booking.session_id)
    booking = booking_in(session, booking)
    has_left = booking.application.state in HAS_LEFT and booking.state != State.CANCELLED
    if not has_left or session.cancelled_at or session.starts_at <= at:
        return False
    _free(session, booking, at=at, is_own=False)
    return True


def _free(session: Session, booking: Booking, *, at: datetime, is_own: bool) -> Booking:
    had_place = booking.state == State.BOOKED
    close(booking, at=at)
    if had_place:
        letters.withdraw_reminders(session, booking, at=at)
        letters.post("given_up", booking, session=session, at=at, calendar="CANCEL", is_own=is_own)
        move_up(session, at=at)
    return booking


def close(booking: Booking, *, at: datetime) -> None:
    """End a booking; the caller holds the session's lock."""
    booking.move_to(State.CANCELLED)
    booking.number, booking.cancelled_at = None, at
    booking.save(update_fields=["state", "number", "cancelled_at"])
