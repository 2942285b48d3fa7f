"""A rest ordered by the office: cards and clocks stop, and everybody there hears the same."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from partnerships.models import Partnership, State
from partnerships.services.absences import tell_newcomers
from partnerships.services.introducing import introduce_again
from partnerships.services.letters import post, withdraw_names, withdraw_reminders
from partnerships.services.rights import lock, refuse_own, refuse_unless_protecting


@transaction.atomic
def pause(partnership: Partnership, *, by: User | None, at: datetime) -> Partnership:
    """Let an active partnership rest. A pause that protects somebody looks like any other (EI-6a).

    So everybody in it gets one and the same letter, which names no reason and nobody.
    """
    partnership = _move(partnership, State.PAUSED, "pause", by=by, at=at)
    withdraw_reminders(partnership, at=at)
    withdraw_names(partnership, at=at)
    _tell(partnership, "paused", at=at)
    return partnership


@transaction.atomic
def resume(partnership: Partnership, *, by: User | None, at: datetime) -> Partnership:
    """Let a paused partnership go on, and tell everybody in it alike."""
    partnership = _move(partnership, State.ACTIVE, "resume", by=by, at=at)
    _tell(partnership, "resumed", at=at)
    introduce_again(partnership, at=at)
    tell_newcomers(partnership, at=at)  # of an absence that was announced meanwhile
    return partnership


def _move(partnership: Partnership, to: State, what: str, *, by: User | None, at: datetime) -> Partnership:
    partnership = lock(partnership)
    refuse_unless_protecting(by, partnership.cohort)
    refuse_own(by, partnership, what)
    partnership.move_to(to, at=at)
    return partnership


def _tell(partnership: Partnership, name: str, *, at: datetime) -> None:
    for member in partnership.memberships.current().select_related("application__user"):
        occasion = f"{member.application_id}/{at.timestamp():.0f}"
        post(partnership, member.application, name, occasion, at=at)
