"""What may become of suggestions and offers: a move is one guarded update, so of two at once one is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import QuerySet

from matching.models import Offer, Suggestion
from mentorship.lib.refusals import NotPossible

Row = TypeVar("Row", Suggestion, Offer)

_S, _O = Suggestion.State, Offer.State

SUGGESTIONS: dict[str, set[str]] = {
    _S.PROPOSED: {_S.REFUSED, _S.OFFERED, _S.LEAVING},
    _S.REFUSED: {_S.PROPOSED},
    _S.OFFERED: {_S.PROPOSED, _S.REFUSED, _S.LEAVING},
    _S.LEAVING: {_S.PROPOSED, _S.RELEASED},
    _S.RELEASED: set(),
}
OFFERS: dict[str, set[str]] = {
    _O.OPEN: {_O.ACCEPTED, _O.DECLINED, _O.LAPSED, _O.WITHDRAWN},
    _O.ACCEPTED: {_O.WITHDRAWN},  # what was promised couldn't be kept
    _O.DECLINED: set(),
    _O.LAPSED: set(),
    _O.WITHDRAWN: set(),
}


def move_suggestions(rows: Sequence[Suggestion], to: Suggestion.State, **values: object) -> None:
    """Set the state of all of them and what belongs to it; the caller holds their locks.

    NotPossible, and nothing is kept, if the table doesn't allow it or somebody was faster.
    """
    if not _move(Suggestion.objects.all(), rows, to, SUGGESTIONS, values):
        raise NotPossible("Something has become of these people meanwhile; please look at them again.")


def move_offer(offer: Offer, to: Offer.State, **values: object) -> None:
    """Set an offer's state and what belongs to it; NotPossible if it is closed already, or was a moment ago."""
    if not _move(Offer.objects.all(), [offer], to, OFFERS, values):
        raise NotPossible("This offer isn't open any more.")


def _move(
    everything: QuerySet[Row],
    rows: Sequence[Row],
    to: str,
    table: dict[str, set[str]],
    values: dict[str, object],
) -> bool:
    before = {row.state for row in rows}
    if any(to not in table[state] for state in before):
        return False
    chosen = everything.filter(pk__in=[row.pk for row in rows], state__in=before)
    if chosen.update(state=to, **values) < len(rows):
        return False
    for row in rows:
        for name, value in {"state": to, **values}.items():
            setattr(row, name, value)
    return True
