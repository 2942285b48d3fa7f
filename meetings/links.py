"""The signed links of a reminder: they stand for one person in one partnership and open nothing else.

A link needs no sign-in, so its pages show what its mail showed, and nothing changes by opening one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse

from partnerships.models import Membership

LIVES = timedelta(days=60)
_SALT = "meetings.links"


class Answer(StrEnum):
    """What somebody can say to a reminder; the value is part of the address."""

    MET = "met"
    ARRANGING = "arranging"
    HELP = "help"
    AWAY = "away"


@dataclass(frozen=True)
class Opened:
    """A link that we made: whose place in which partnership, and whether it is too old or they have left."""

    membership: Membership
    is_alive: bool


def token_of(membership: Membership) -> str:
    return signing.dumps([membership.pk, membership.application.user_id], salt=_SALT)


def answer_urls(membership: Membership) -> dict[str, str]:
    """The absolute address of each answer, by its name in capitals off: met, arranging, help, away."""
    token = token_of(membership)
    return {
        answer.value: settings.SITE_URL + reverse(f"answer_{answer.value}", args=[token]) for answer in Answer
    }


def read(token: str) -> Opened | None:
    """What a link says; None if we never made it, or the person or the partnership is no more."""
    try:
        pk, user = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Membership.objects.filter(pk=pk, application__user=user, application__user__is_active=True)
    membership = found.select_related("application__user", "partnership__cohort__programme").first()
    if membership is None:
        return None
    return Opened(membership, is_alive=_is_young(token) and membership.left_on is None)


def _is_young(token: str) -> bool:
    try:
        signing.loads(token, salt=_SALT, max_age=LIVES)
    except signing.SignatureExpired:
        return False
    return True
