"""Who may look at whom."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from partnerships.models import Membership, Partnership


def can_see_cards(user: User, partnership: Partnership, *, at: datetime) -> bool:
    """Who is in the partnership, or stayed to its end, while its cards are open; nobody else, whatever rank.

    Whom they see are the others inside (`disclosure.others`). Before the introduction there is no partnership,
    hence no card (EI-4: before the match nothing).
    """
    if not user.is_active or not partnership.shows_cards(at):
        return False
    return Membership.objects.inside(partnership).filter(application__user=user).exists()
