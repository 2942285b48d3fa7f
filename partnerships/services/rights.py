"""What every verb about a partnership begins with: its lock, and whether who acts may."""

from __future__ import annotations

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from partnerships.models import Partnership
from programmes.models import Cohort, Duty
from programmes.permissions import can_administer


def lock(partnership: Partnership) -> Partnership:
    """The partnership as it is now, locked until the transaction ends, with its cohort and programme.

    Whoever locks more keeps to the order of `mentorship.lib.locks`.
    """
    rows = Partnership.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("cohort__programme", "cohort__policy").get(pk=partnership.pk)


def refuse_stranger(by: User | None, cohort: Cohort) -> None:
    """`by` is nobody where the clock or the command line acts."""
    if by is not None and not can_administer(by, cohort.programme):
        raise NotPossible("You don't administer this programme.")


def refuse_unless_protecting(by: User | None, cohort: Cohort) -> None:
    """Who administers the programme or handles its concerns may pause and resume (EI-6a)."""
    if by is None or can_administer(by, cohort.programme):
        return
    handles = by.duties.filter(programme=cohort.programme_id, kind=Duty.Kind.CONCERNS)
    if not (by.is_active and handles.exists()):
        raise NotPossible("You don't work for this programme.")


def refuse_own(by: User | None, partnership: Partnership, what: str) -> None:
    """Nobody decides for the office about a partnership that they are or were in themselves."""
    if by is None:
        return
    if partnership.memberships.filter(application__user=by).exists():
        raise NotPossible(
            f"You can't {what} a partnership of your own for the office: ask a colleague to do it."
        )
