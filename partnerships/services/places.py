"""A mentor's places as rows, so that nobody is ever given more than they declared (BM-8)."""

from __future__ import annotations

from accounts.models import User
from applications.models import MOST_PLACES, Application
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership, Place, Seat
from programmes.models import Pathway


def room_declared(application: Application, pathway: str) -> int:
    """How many places a mentor has declared in a pathway: mentees in pairs, or the one circle they would lead."""
    if pathway == Pathway.Kind.CIRCLE:
        return 1 if application.can_facilitate else 0
    return min(application.places, MOST_PLACES)


def free_place(application: Application, pathway: str) -> Place:
    """The mentor's first free place, as a row; the unique index on places in use is what holds the promise (BM-8)."""
    held = set(
        Membership.objects.current()
        .filter(application=application, place__pathway=pathway)
        .values_list("place__number", flat=True)
    )
    free = [number for number in range(1, room_declared(application, pathway) + 1) if number not in held]
    if not free or len(held) >= room_declared(application, pathway):
        raise NotPossible(f"{application.user} has no free place.")
    place, _ = Place.objects.get_or_create(application=application, pathway=pathway, number=free[0])
    return place


def seats_left(user: User) -> int | None:
    """How many more pairs and circles a person takes on, over all programmes; None where they set no ceiling (BM-8)."""
    if user.most_partnerships is None:
        return None
    return max(0, user.most_partnerships - _seats_held(user))


def free_seat(user: User) -> Seat:
    """The person's first free seat, as a row, under their own ceiling; the caller has locked the person's row.

    Refused in the words of any place that isn't free: no office learns why (BM-8).
    """
    if seats_left(user) == 0:
        raise NotPossible(f"{user} has no free place.")
    held = set(Membership.objects.current().filter(seat__user=user).values_list("seat__number", flat=True))
    number = next(number for number in range(1, len(held) + 2) if number not in held)
    seat, _ = Seat.objects.get_or_create(user=user, number=number)
    return seat


def _seats_held(user: User) -> int:
    return Membership.objects.current().filter(seat__user=user).count()
