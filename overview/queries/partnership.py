"""The partnership page: the others' cards, and the meetings as facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from applications.card import Card
from meetings.models import Meeting
from partnerships.disclosure import cards_for
from partnerships.models import Disclosure, Membership, Partnership


@dataclass(frozen=True)
class Partner:
    """Somebody else in the partnership: their part and their card. Of the person there is nothing more here."""

    part: str
    card: Card


def partners(partnership: Partnership, *, viewer: User, at: datetime) -> list[Partner]:
    """The others by their cards, as `cards_for` gives them (EI-4, EI-5); nobody once the cards have closed."""
    if not partnership.shows_cards(at):
        return []
    parts = {row.application_id: Membership.Part(row.part) for row in Membership.objects.inside(partnership)}
    shown = cards_for(partnership, viewer=viewer, channel=Disclosure.Channel.PAGE, at=at)
    return [Partner(parts[person.pk].value, card) for person, card in shown]


def meetings_of(partnership: Partnership) -> Sequence[Meeting]:
    """Meetings with `present`, how many were there; newest first."""
    return list(
        Meeting.objects.filter(partnership=partnership)
        .annotate(present=Count("attendances"))
        .order_by("-held_on", "-pk")
    )


def cards_close_on(partnership: Partnership) -> date | None:
    """The last day on which partners see each other's cards; empty while the partnership is active."""
    if partnership.ended_at is None:
        return None
    days = partnership.cohort.programme.card_closes_after_days
    return timezone.localdate(partnership.ended_at + timedelta(days=days))
