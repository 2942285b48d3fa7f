"""Who is in a partnership, under its lock: what every verb here begins with."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership, Partnership


def lock(partnership: Partnership) -> tuple[Partnership, list[Membership]]:
    """The partnership as it is now, locked, and who is in it or stayed to its end."""
    partnership = (
        Partnership.objects.select_for_update(of=("self",))
        .select_related("cohort__programme")
        .get(pk=partnership.pk)
    )
    members = list(Membership.objects.inside(partnership).select_related("application__user"))
    return partnership, members


def refuse_unless(is_open: bool, members: Sequence[Membership], *, by: User) -> None:
    if not is_open:
        raise NotPossible("This partnership has ended, so nothing about it changes any more.")
    if by.pk not in {member.application.user_id for member in members}:
        raise NotPossible("Only the people in this partnership can do this.")
