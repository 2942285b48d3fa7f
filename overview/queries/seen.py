"""Who has seen what of a person: the record of disclosures, read by the one it is about (ALL-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from partnerships.disclosure import direction_of
from partnerships.models import Disclosure, Membership
from programmes.facts import FACTS


@dataclass(frozen=True)
class Seen:
    """One line of the record: which facts, to whom, how, when, under which version."""

    at: datetime
    facts: tuple[str, ...]
    viewer: str
    part: str
    channel: str
    programme: str
    policy: str
    policy_url: str


def about(user: User) -> QuerySet[Disclosure]:
    """The person's own rows and nobody else's, newest first, with everything that `lines` reads."""
    members = Membership.objects.select_related("application")
    return (
        Disclosure.objects.filter(of__user=user)
        .select_related("of", "to", "policy_version__programme", "partnership__cohort")
        .prefetch_related(
            "policy_version__disclosed_facts", Prefetch("partnership__memberships", queryset=members)
        )
    )


def lines(disclosures: Iterable[Disclosure]) -> list[Seen]:
    return [_line(disclosure) for disclosure in disclosures]


def _line(disclosure: Disclosure) -> Seen:
    policy = disclosure.policy_version
    direction = direction_of(disclosure.partnership, disclosure.of)
    labels = {row.fact: row.label for row in policy.disclosed_facts.all() if row.direction == direction}
    keys = [key for key in disclosure.facts.split(",") if key]
    viewer = _viewer(disclosure)
    return Seen(
        at=disclosure.first_at,
        facts=tuple(labels.get(key) or (FACTS[key].label if key in FACTS else key) for key in keys),
        viewer=disclosure.to.name if viewer and _shows_name_of(disclosure, viewer) else "",
        part=_part(disclosure, viewer) if viewer else "",
        channel=disclosure.get_channel_display(),
        programme=policy.programme.name,
        policy=str(policy),
        policy_url=policy.get_absolute_url(),
    )


def _viewer(disclosure: Disclosure) -> Membership | None:
    """The viewer's part in the partnership."""
    rows = disclosure.partnership.memberships.all()
    return next((row for row in rows if row.application.user_id == disclosure.to_id), None)


def _part(disclosure: Disclosure, viewer: Membership) -> str:
    """What the viewer is in the partnership, in the words of its page."""
    if disclosure.partnership.is_circle and viewer.part == Membership.Part.MENTEE:
        return "Member"
    return viewer.get_part_display()


def _shows_name_of(disclosure: Disclosure, viewer: Membership) -> bool:
    """Whether the same version lets this person know the viewer's name; the record is no back door to it."""
    return "name" in disclosure.policy_version.facts(direction_of(disclosure.partnership, viewer.application))
