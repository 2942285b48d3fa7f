"""What every verb of the office asks first."""

from __future__ import annotations

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership, Partnership
from programmes.models import Cohort
from programmes.permissions import can_administer


def refuse_stranger(by: User | None, cohort: Cohort) -> None:
    """`by` is nobody where the clock or the command line acts."""
    if by is not None and not can_administer(by, cohort.programme):
        raise NotPossible("You don't administer this programme.")


def refuse_own(by: User | None, partnership: Partnership, what: str) -> None:
    """Nobody decides for the office about a partnership that they are in themselves."""
    if by is None:
        return
    if Membership.objects.inside(partnership).filter(application__user=by).exists():
        raise NotPossible(
            f"You can't {what} a partnership of your own for the office: ask a colleague to do it."
        )
