"""The one door through which a person sees another person's details (EI-4, EI-5, ALL-2).

Page, e-mail and export all come through `cards_for` (or `card_for`, which is the same for one person): it asks for
the right, renders the card that the accepted policy version allows, and writes the record that the person can read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from accounts.models import User
from applications.card import Card, accepted_policy, card_of
from applications.models import Application
from mentorship.lib.refusals import NotPossible
from partnerships import permissions
from partnerships.models import Disclosure, Membership, Partnership
from partnerships.queries.circles import owes_agreement
from programmes.facts import Direction

Shown = tuple[Application, Card]


def card_for(
    partnership: Partnership,
    *,
    viewer: User,
    of: Application,
    channel: Disclosure.Channel | str,
    at: datetime,
) -> Card:
    """The card of one person for `viewer`; NotPossible if the viewer has no right to it."""
    ((_, card),) = cards_for(partnership, viewer=viewer, of=[of], channel=channel, at=at)
    return card


@transaction.atomic
def cards_for(
    partnership: Partnership,
    *,
    viewer: User,
    channel: Disclosure.Channel | str,
    at: datetime,
    of: Collection[Application] | None = None,
    only: Collection[str] | None = None,
) -> list[Shown]:
    """The cards of everybody else for `viewer`, or of some, with a record of each; mentors and facilitators first.

    `only` keeps to some facts, where a page shows no more than these. NotPossible if the viewer has no right, or
    none to somebody in `of`. The number of queries doesn't grow with the people.
    """
    people = others(partnership, viewer=viewer)
    chosen = people if of is None else [person for person in people if person in of]
    if not permissions.can_see_cards(viewer, partnership, at=at) or (
        of is not None and len(chosen) < len(of)
    ):
        raise NotPossible("These details aren't open to you.")
    if channel == Disclosure.Channel.PAGE and owes_agreement(partnership, viewer):
        raise NotPossible("First read and accept what your circle agrees to.")
    prefetch_related_objects([partnership.cohort.policy], "disclosed_facts")
    shown = [(person, _card(partnership, person, only)) for person in chosen]
    _record(partnership, shown, viewer=viewer, channel=channel, at=at)
    return shown


def _card(partnership: Partnership, person: Application, only: Collection[str] | None) -> Card:
    """What the version that the person accepted and the one that the cohort now runs under both allow.

    So a new version shows nothing more of anybody before they have accepted it, and nothing that it took away.
    """
    accepted, direction = accepted_policy(person), direction_of(partnership, person)
    if accepted is None:
        return Card(())
    allowed = set(partnership.cohort.policy.facts(direction))
    if only is not None:
        allowed &= set(only)
    return Card(tuple(line for line in card_of(person, accepted, direction).lines if line.key in allowed))


def _record(
    partnership: Partnership, shown: Sequence[Shown], *, viewer: User, channel: str, at: datetime
) -> None:
    """One row a day for the same facts by the same way: the unique key keeps the first of the day (ALL-2)."""
    rows = [
        Disclosure(
            partnership=partnership,
            of=person,
            to=viewer,
            channel=channel,
            on=timezone.localdate(at),
            policy_version=accepted_policy(person),
            facts=",".join(card.keys),
            first_at=at,
        )
        for person, card in shown
        if card.lines
    ]
    Disclosure.objects.bulk_create(rows, ignore_conflicts=True)


def direction_of(partnership: Partnership, of: Application) -> Direction:
    """Which of the policy's lists applies to a person in a partnership."""
    if partnership.is_circle:
        return Direction.IN_CIRCLE
    return Direction.OF_MENTOR if of.is_mentor else Direction.OF_MENTEE


def others(partnership: Partnership, *, viewer: User) -> list[Application]:
    """Everybody else who is in the partnership, or stayed to its end; facilitators and mentors first."""
    inside = Membership.objects.inside(partnership)
    first = {
        Membership.Part.MENTOR: 0,
        Membership.Part.FACILITATOR: 0,
        Membership.Part.MENTEE: 1,
    }
    parts = {row.application_id: first[Membership.Part(row.part)] for row in inside}
    people = Application.objects.with_card_facts().filter(pk__in=list(parts)).exclude(user=viewer)
    return sorted(
        people,
        key=lambda person: (parts[person.pk], person.user.name.casefold(), person.pk),
    )
