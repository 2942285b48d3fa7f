"""Somebody can't go on: one of either side says so, and only the office hears it (EI-1b)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from partnerships.models import Flag, Membership, Partnership, State
from partnerships.services.flags import raise_flag, settle_all
from partnerships.services.letters import withdraw_reminders
from partnerships.services.rights import lock

MOST_LETTERS = 300


@transaction.atomic
def ask_to_leave(
    partnership: Partnership, *, by: User, reason: str, line: str = "", wants_new_partner: bool, at: datetime
) -> Flag:
    """Tell the team at once that this person can't go on (EI-1b); asked twice, the first answer stands.

    Nothing changes for the others and nothing is sent to them; reminders that wait for anybody there rest, so that
    nobody is chased about a meeting that somebody can't bear.
    """
    membership = _own(partnership, by=by)
    if reason not in Flag.Reason:
        raise NotPossible("Please choose one of the reasons.")
    line = " ".join(line.split())
    if len(line) > MOST_LETTERS:
        raise NotPossible(f"Please keep it to {MOST_LETTERS} letters.")
    flag = raise_flag(
        membership.partnership,
        kind=Flag.Kind.LEAVING,
        membership=membership,
        reason=reason,
        line=line,
        wants_new_partner=wants_new_partner,
        at=at,
    )
    withdraw_reminders(membership.partnership, at=at)
    return flag


@transaction.atomic
def take_back(partnership: Partnership, *, by: User, at: datetime) -> None:
    """Who asked to leave would like to go on after all: what they asked is settled by themselves."""
    membership = _own(partnership, by=by)
    settle_all(Flag.objects.filter(membership=membership, kind=Flag.Kind.LEAVING), by=by, at=at)


def _own(partnership: Partnership, *, by: User) -> Membership:
    """The person's own part in a partnership that runs, which is locked."""
    partnership = lock(partnership)
    inside = Membership.objects.current().filter(partnership=partnership, application__user=by)
    membership = inside.first()
    if membership is None or partnership.state == State.ENDED:
        raise NotPossible("Only the people in a partnership that still runs can do this.")
    membership.partnership = partnership
    return membership
