"""The one door through which a person sees another person's details (EI-4, EI-5, ALL-2).

Page, e-mail and export all call `card_for`: it asks for the right, renders the card of the cohort's policy version,
and writes the record that the person can read.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.card import Card, card_of
from applications.models import Application
from mentorship.lib.refusals import NotPossible
from partnerships import permissions
from partnerships.models import Disclosure, Membership, Partnership
from programmes.facts import Direction


@transaction.atomic
def card_for(
    partnership: Partnership,
    *,
    viewer: User,
    of: Application,
    channel: Disclosure.Channel | str,
    at: datetime,
) -> Card:
    """The card of `of` for `viewer`, with a record of the disclosure; NotPossible if the viewer has no right to it."""
    if not permissions.can_see_card(viewer, partnership, of=of, at=at):
        raise NotPossible("These details aren't open to you.")
    policy = partnership.cohort.policy
    card = card_of(of, policy, direction_of(partnership, of))
    if card.lines:
        Disclosure.objects.get_or_create(
            partnership=partnership,
            of=of,
            to=viewer,
            channel=channel,
            on=timezone.localdate(at),
            policy_version=policy,
            facts=",".join(card.keys),
            defaults={"first_at": at},
        )
    return card


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
