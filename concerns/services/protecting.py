"""A partnership rests while a case is open, without a sign (EI-6a)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from concerns import contents
from concerns.models import Case, Deed
from concerns.services.recording import append, at_the_door, open_for_change
from mentorship.lib.refusals import NotPossible
from partnerships.models import Partnership
from partnerships.services import pausing


@transaction.atomic
def pause(case: Case, *, by: User, partnership: Partnership, at: datetime) -> None:
    """Let a partnership of the case's programme rest: for everybody in it and its office, the ordinary pause."""
    case = open_for_change(case, by=by)
    _refuse_other_programme(case, partnership)
    pausing.pause(partnership, by=by, at=at)
    append(case, Deed.PAUSED, {"by": by.pk, "partnership": partnership.pk}, at=at)


@transaction.atomic
def resume(case: Case, *, by: User, partnership: Partnership, at: datetime) -> None:
    """Let it go on, the case being open or closed. What was paused for another case isn't this one's to lift."""
    case = at_the_door(case, by=by)
    _refuse_other_programme(case, partnership)
    is_its_case = partnership.pk in contents.partnerships_in(case)
    pausing.resume(partnership, by=by, at=at, is_from_its_case=is_its_case)
    append(case, Deed.RESUMED, {"by": by.pk, "partnership": partnership.pk}, at=at)


def _refuse_other_programme(case: Case, partnership: Partnership) -> None:
    if partnership.cohort.programme_id != case.programme_id:
        raise NotPossible("This partnership isn’t one of the programme.")
