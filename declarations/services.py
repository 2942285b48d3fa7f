"""Make, take back and ask for a declaration (BM-2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Greatest

from accounts.models import User
from declarations.models import Declaration
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort


def declare(*, by: User, cohort: Cohort, at: datetime) -> Declaration:
    """Keep a person's yes to the programme's present wording; saying it again changes nothing."""
    wording = cohort.programme.declaration_wording
    if not wording:
        raise NotPossible("This programme asks for no declaration.")
    declaration, _ = Declaration.objects.get_or_create(
        user=by,
        cohort=cohort,
        withdrawn_at=None,
        defaults={"wording": wording, "made_at": at},
    )
    return declaration


def declare_all(people: Iterable[tuple[User, datetime]], *, cohort: Cohort) -> None:
    """Keep the yes that each of these people gave at a moment, as `declare` does for one, in two queries.

    A yes of before somebody took theirs back doesn't bring it back: an old sheet may be read once more.
    """
    wording = cohort.programme.declaration_wording
    rows = Declaration.objects.filter(cohort=cohort).order_by(F("withdrawn_at").asc(nulls_last=True), "pk")
    until: dict[int, datetime | None] = dict(rows.values_list("user", "withdrawn_at"))  # the last one decides
    new = {user.pk: (user, at) for user, at in people if _is_news(user, at, until)}
    if new and not wording:
        raise NotPossible("This programme asks for no declaration.")
    Declaration.objects.bulk_create(
        Declaration(user=user, cohort=cohort, wording=wording, made_at=at) for user, at in new.values()
    )


def _is_news(user: User, at: datetime, until: dict[int, datetime | None]) -> bool:
    """Whether nothing stands yet, and what stood was taken back before this yes."""
    if user.pk not in until:
        return True
    withdrawn_at = until[user.pk]
    return withdrawn_at is not None and withdrawn_at < at


def withdraw(*, by: User, cohort: Cohort, at: datetime) -> bool:
    """Take one's declaration back; whether one stood.

    What it carried ends with it, and that is on higher floors: people come by
    `partnerships.services.withdraw_declaration`.
    """
    standing = Declaration.objects.standing().filter(user=by, cohort=cohort)
    return bool(standing.update(withdrawn_at=Greatest(F("made_at"), Value(at))))  # no clock keeps anybody


def has_declared(*, user: User, cohort: Cohort) -> bool:
    """Whether the person's declaration stands. Callers say yes or no to it; they never show more."""
    return Declaration.objects.standing().filter(user=user, cohort=cohort).exists()
