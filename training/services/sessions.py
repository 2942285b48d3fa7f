"""The office's verbs: offer a session, change it, call it off (BM-12)."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from training.models import Session, State
from training.services import letters
from training.services.booking import close, move_up
from training.services.locking import free_numbers, lock, refuse_unless_ahead, refuse_unless_office

IN_CALENDARS = ("starts_at", "minutes", "place")
FACTS = ("kind", "title", "role", "places", *IN_CALENDARS)


@transaction.atomic
def set_session(session: Session, *, by: User, at: datetime) -> Session:
    """Keep a new session, built by the caller from its facts."""
    refuse_unless_office(by, session.cohort.programme)
    session.cancelled_at, session.sequence, session.changed_at = None, 0, at
    _refuse_faults(session, at=at)
    session.save(force_insert=True)
    return session


@transaction.atomic
def change_session(session: Session, *, by: User, at: datetime) -> Session:
    """Change a session to the facts that the given one carries; its cohort stays.

    A change of time, length or place is a new version for calendars, and everybody with a place is told. Whoever
    waits moves up into places that are new.
    """
    kept = lock(session.pk)
    refuse_unless_office(by, kept.cohort.programme)
    if kept.cancelled_at:
        raise NotPossible("This training has been called off, so nothing about it changes any more.")
    is_new_version = any(getattr(kept, fact) != getattr(session, fact) for fact in IN_CALENDARS)
    for fact in FACTS:
        setattr(kept, fact, getattr(session, fact))
    _refuse_faults(kept, at=at)
    if is_new_version:
        kept.sequence, kept.changed_at = kept.sequence + 1, at
    _renumber(kept)
    kept.save(update_fields=[*FACTS, "sequence", "changed_at"])
    if is_new_version:
        _tell_of_change(kept, at=at)
    move_up(kept, at=at)
    return kept


@transaction.atomic
def call_off(session: Session, *, by: User, at: datetime) -> Session:
    """Call a session off before it begins: everybody who has a place or waits is told, and calendars let go of it."""
    session = lock(session.pk)
    refuse_unless_office(by, session.cohort.programme)
    refuse_unless_ahead(session, at=at)
    session.cancelled_at = session.changed_at = at
    session.sequence += 1
    session.save(update_fields=["cancelled_at", "changed_at", "sequence"])
    letters.withdraw_reminders(session, at=at)
    for booking in session.bookings.standing().select_related("application__user"):
        had_place = booking.state == State.BOOKED
        close(booking, at=at)
        letters.post(
            "called_off",
            booking,
            session=session,
            at=at,
            calendar="CANCEL" if had_place else None,
            had_place=had_place,
        )
    return session


def faults(session: Session, *, at: datetime) -> dict[str, str]:
    """What the rules say against the facts of a session, by field; asked by the form and again by the services."""
    kept = Session.objects.filter(pk=session.pk).first()
    changed = [fact for fact in IN_CALENDARS if kept and getattr(kept, fact) != getattr(session, fact)]
    found = {}
    if kept and kept.starts_at <= at:
        found = dict.fromkeys(changed, "The training has begun: this stays as it was.")
    elif session.starts_at <= at:
        found["starts_at"] = "Choose a moment that lies ahead."
    twins = Session.objects.filter(cohort=session.cohort_id, title=session.title, starts_at=session.starts_at)
    if twins.exclude(pk=session.pk).exists():
        found["title"] = "There is a training with this title at this time already."
    if kept:
        found |= _faults_with_bookings(session, kept)
    return found


def _faults_with_bookings(session: Session, kept: Session) -> dict[str, str]:
    found = {}
    booked = kept.bookings.booked().count()
    if session.places < booked:
        found["places"] = f"{booked} {'person has' if booked == 1 else 'people have'} a place already."
    others = kept.bookings.standing().exclude(application__role=session.role)
    if session.role and session.role != kept.role and others.exists():
        found["role"] = "People in another role have asked for a place already."
    return found


def _refuse_faults(session: Session, *, at: datetime) -> None:
    try:
        session.full_clean(validate_constraints=False)  # `faults` says what they say in better words
    except ValidationError as error:
        raise NotPossible(" ".join(error.messages)) from error
    if found := faults(session, at=at):
        raise NotPossible(" ".join(found.values()))


def _renumber(session: Session) -> None:
    """Bring places beyond the last one back among those that there are; `faults` has seen that there is room."""
    beyond = session.bookings.booked().filter(number__gt=session.places).order_by("number")
    for number, booking in zip(free_numbers(session), beyond, strict=False):
        booking.number = number
        booking.save(update_fields=["number"])


def _tell_of_change(session: Session, *, at: datetime) -> None:
    letters.withdraw_reminders(session, at=at)
    for booking in session.bookings.booked().select_related("application__user"):
        letters.post("changed", booking, session=session, at=at, calendar="REQUEST")
