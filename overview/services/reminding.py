"""What a reminder by hand would do, before it does it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from meetings.models import NudgeLine
from meetings.services import nudging
from partnerships.models import Membership, Partnership


@dataclass(frozen=True)
class Rehearsal:
    """Who would have a reminder, who wouldn't and why, and its words for the first of them."""

    readers: tuple[str, ...]
    left: tuple[tuple[str, str], ...]
    reader: str = ""
    subject: str = ""
    text: str = ""


def rehearse(partnerships: Collection[Partnership], *, by: User, at: datetime) -> Rehearsal:
    """Ask the service itself and undo it: a second set of rules beside its own would come apart from them.

    Raises NotPossible where it does. Nothing is sent, nothing is kept.
    """
    with transaction.atomic():
        before = set(_lines(partnerships).values_list("pk", flat=True))
        outcome = nudging.nudge_by_hand(partnerships, by=by, at=at)
        written = [line for line in _lines(partnerships) if line.pk not in before]
        transaction.set_rollback(True)
    readers = {line.membership.application.user_id: line.membership for line in reversed(written)}
    first = next(iter(reversed(readers.values())), None)
    names = tuple(sorted(membership.application.user.name for membership in readers.values()))
    return Rehearsal(names, tuple(outcome.left), *_words(first, at=at))


def _lines(partnerships: Collection[Partnership]) -> QuerySet[NudgeLine]:
    rows = NudgeLine.objects.filter(membership__partnership__in=partnerships, step=nudging.BY_HAND)
    return rows.select_related("membership__application__user").order_by("pk")


def _words(membership: Membership | None, *, at: datetime) -> tuple[str, str, str]:
    if membership is None:
        return "", "", ""
    return membership.application.user.name, *nudging.preview(membership, at=at)
