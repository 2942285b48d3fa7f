"""The tables of moves of suggestions and offers are tried over all pairs of states."""

from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import product

import pytest

from applications.tests.factories import ApplicationFactory
from matching import moves
from matching.models import Offer, Suggestion
from matching.tests.factories import OfferFactory, SuggestionFactory
from mentorship.lib.refusals import NotPossible
from partnerships.tests.factories import PartnershipFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 14, 9, tzinfo=UTC)
S, O = Suggestion.State, Offer.State  # noqa: E741
SUGGESTION_PAIRS, OFFER_PAIRS = list(product(S, repeat=2)), list(product(O, repeat=2))


def suggestion_details(state):
    """What belongs to a suggestion in this state."""
    return {
        "leaves_at": AT if state == S.LEAVING else None,
        "partnership": PartnershipFactory() if state == S.RELEASED else None,
    }


def offer_in(state):
    return OfferFactory(
        suggestion=SuggestionFactory(),
        application=ApplicationFactory(),
        state=state,
        closed_at=None if state == O.OPEN else AT,
    )


@pytest.mark.parametrize(("table", "states"), [(moves.SUGGESTIONS, S), (moves.OFFERS, O)])
def test_a_table_knows_each_state(table, states):
    assert set(table) == set(states)


@pytest.mark.parametrize(("before", "after"), SUGGESTION_PAIRS)
def test_a_suggestion_moves_as_its_table_allows(before, after):
    suggestion = SuggestionFactory(state=before, **suggestion_details(before))
    is_allowed = after in moves.SUGGESTIONS[before]

    with nullcontext() if is_allowed else pytest.raises(NotPossible):
        moves.move_suggestions([suggestion], after, **suggestion_details(after))

    kept = Suggestion.objects.get()
    assert kept.state == suggestion.state == (after if is_allowed else before)


@pytest.mark.parametrize(("before", "after"), OFFER_PAIRS)
def test_an_offer_moves_as_its_table_allows(before, after):
    offer = offer_in(before)
    is_allowed = after in moves.OFFERS[before]

    with nullcontext() if is_allowed else pytest.raises(NotPossible):
        moves.move_offer(offer, after, closed_at=AT)

    assert Offer.objects.get().state == offer.state == (after if is_allowed else before)


def test_of_two_who_move_the_same_row_the_second_is_refused():
    first = offer_in(O.OPEN)
    second = Offer.objects.get()
    moves.move_offer(first, O.ACCEPTED, closed_at=AT)

    with pytest.raises(NotPossible, match="isn't open any more"):
        moves.move_offer(second, O.LAPSED, closed_at=AT)
    assert Offer.objects.get().state == "accepted"
