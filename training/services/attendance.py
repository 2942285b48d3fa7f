"""Who was there (BM-12). A programme may ask for it before a mentor is introduced, so nobody says it of themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from training.models import Booking, State
from training.services.locking import booking_in, lock, refuse_unless_office


@transaction.atomic
def record_attendance(booking: Booking, *, by: User, has_attended: bool | None, at: datetime) -> Booking:
    """Record whether somebody with a place was there, once it has begun; None takes a record back."""
    session = lock(booking.session_id)
    booking = booking_in(session, booking)
    refuse_unless_office(by, session.cohort.programme)
    if booking.application.user_id == by.pk:
        raise NotPossible("You can't record your own attendance: ask a colleague.")
    if booking.state != State.BOOKED:
        raise NotPossible("Only who has a place attends.")
    if at < session.starts_at:
        raise NotPossible("This training hasn't begun yet.")
    booking.has_attended = has_attended
    booking.save(update_fields=["has_attended"])
    return booking
