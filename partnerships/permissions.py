"""Who may look at whom."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from applications.models import Application
from partnerships.models import Membership, Partnership


def can_see_card(user: User, partnership: Partnership, *, of: Application, at: datetime) -> bool:
    """Both are in the partnership, or stayed to its end, and its cards are still open; nobody else, whatever rank.

    Before the introduction there is no partnership, hence no card (EI-4: before the match nothing).
    """
    if not user.is_active or of.user_id == user.pk or not partnership.shows_cards(at):
        return False
    inside = Membership.objects.inside(partnership).values_list("application_id", "application__user_id")
    applications = {application for application, _ in inside}
    return of.pk in applications and user.pk in {person for _, person in inside}
