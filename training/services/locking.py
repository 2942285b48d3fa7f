"""A session under its lock, and what every verb here asks first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from programmes.models import Programme
from programmes.permissions import can_administer
from training.models import Booking, Session


def lock(pk: int) -> Session:
    """The session as it is now; whoever takes or frees a place in it waits for whoever holds this."""
    locked = Session.objects.select_for_update(of=("self",)).select_related("cohort__programme")
    return locked.get(pk=pk)


def booking_in(session: Session, booking: Booking) -> Booking:
    """A booking as it is now, read under the session's lock."""
    return session.bookings.select_related("application__user").get(pk=booking.pk)


def free_numbers(session: Session) -> Iterator[int]:
    """Numbers of places that nobody has, the lowest first; never one beyond `places`."""
    taken = set(session.bookings.booked().values_list("number", flat=True))
    return (number for number in range(1, session.places + 1) if number not in taken)


def refuse_unless_ahead(session: Session, *, at: datetime) -> None:
    if session.cancelled_at:
        raise NotPossible("This training has been called off.")
    if session.starts_at <= at:
        raise NotPossible("This training has begun already.")


def refuse_unless_office(by: User, programme: Programme) -> None:
    if not can_administer(by, programme):
        raise NotPossible("You don't administer this programme.")
