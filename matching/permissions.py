"""Who may act on a cohort's matching, and how two who act at once wait for one another."""

from __future__ import annotations

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort
from programmes.permissions import can_administer


def refuse_stranger(by: User | None, cohort: Cohort) -> None:
    """Only who administers the programme; `by` is nobody where the command line or the clock acts."""
    if by is not None and not can_administer(by, cohort.programme):
        raise NotPossible("You don't administer this programme.")


def one_at_a_time(cohort: Cohort) -> None:
    """Decisions and releases of a cohort wait for one another; whoever signs up meanwhile waits for neither."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
