"""Sessions as one person's pages show them: when on their clock, whether there is room, what they can do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from mentorship.lib.moments import in_words
from training.models import Booking, Session, State


@dataclass(frozen=True)
class Listed:
    """One session for one reader. `kind` is empty where it prepares for no pathway.

    `place` is empty and `hides_link` set where a link goes with a place only.
    """

    pk: int
    title: str
    kind: str
    programme: str
    cohort: str
    when: str
    minutes: int
    place: str
    place_url: str
    hides_link: bool
    says: str
    tone: str
    is_mine: bool
    is_booked: bool
    is_over: bool
    can_book: bool
    can_wait: bool
    can_give_up: bool
    has_certificate: bool


def listed(sessions: Iterable[Session], *, viewer: User, at: datetime) -> list[Listed]:
    """Each session as this person sees it, in the order given; one query for all bookings.

    Of others' bookings a page says how many there are, never whose.
    """
    sessions = list(sessions)
    standing: dict[int, list[Booking]] = defaultdict(list)
    rows = Booking.objects.standing().filter(session__in=[session.pk for session in sessions])
    for booking in rows.select_related("application").order_by("asked_at", "pk"):
        standing[booking.session_id].append(booking)
    return [_listed(session, standing[session.pk], viewer=viewer, at=at) for session in sessions]


def link_in(place: str) -> str:
    """The place as an address to open, or nothing if it is a room."""
    return place if place.startswith(("https://", "http://")) and " " not in place else ""


def holds_link(place: str) -> bool:
    """Whether an address stands anywhere in it: then it is for those who have a place, words around it or not."""
    return "://" in place


def has_ended(session: Session, *, at: datetime) -> bool:
    return session.starts_at + timedelta(minutes=session.minutes) <= at


def _listed(session: Session, bookings: Sequence[Booking], *, viewer: User, at: datetime) -> Listed:
    own = next((booking for booking in bookings if booking.application.user_id == viewer.pk), None)
    free = session.places - sum(booking.state == State.BOOKED for booking in bookings)
    is_booked = own is not None and own.state == State.BOOKED
    is_open = session.cancelled_at is None and session.starts_at > at
    is_hidden = holds_link(session.place) and not is_booked
    says, tone = _state(session, own, bookings, free=free, at=at)
    return Listed(
        pk=session.pk,
        title=session.title,
        kind="" if session.kind == Session.Kind.OTHER else session.get_kind_display(),
        programme=session.cohort.programme.name,
        cohort=session.cohort.name,
        when=in_words(session.starts_at, viewer.zone),
        minutes=session.minutes,
        place="" if is_hidden else session.place,
        place_url="" if is_hidden else link_in(session.place),
        hides_link=is_hidden,
        says=says,
        tone=tone,
        is_mine=own is not None,
        is_booked=is_booked,
        is_over=has_ended(session, at=at),
        can_book=is_open and own is None and free > 0,
        can_wait=is_open and own is None and free <= 0,
        can_give_up=is_open and own is not None,
        has_certificate=own is not None and own.has_attended is True,
    )


def _state(
    session: Session, own: Booking | None, bookings: Sequence[Booking], *, free: int, at: datetime
) -> tuple[str, str]:
    """How it stands in words, and the tone."""
    if session.cancelled_at:
        return "Called off", "bad"
    if own and own.has_attended:
        return "You were there", "good"
    if has_ended(session, at=at):
        return "Over", "quiet"
    if own and own.state == State.BOOKED:
        return "You have a place", "good"
    if session.starts_at <= at:
        return "It has begun", "quiet"
    waiting = [booking for booking in bookings if booking.state == State.WAITING]
    if own:
        return f"You are on the waiting list, number {waiting.index(own) + 1}", "warn"
    if free > 0:
        return f"{free} of {session.places} places free", "info"
    return "Full: you can wait for a place", "warn"
