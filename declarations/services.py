"""Make and ask for a declaration (BM-2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

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
    """Keep the yes that each of these people gave at a moment, as `declare` does for one, in two queries."""
    wording = cohort.programme.declaration_wording
    standing = set(Declaration.objects.standing().filter(cohort=cohort).values_list("user", flat=True))
    new = {user.pk: (user, at) for user, at in people if user.pk not in standing}
    if new and not wording:
        raise NotPossible("This programme asks for no declaration.")
    Declaration.objects.bulk_create(
        Declaration(user=user, cohort=cohort, wording=wording, made_at=at) for user, at in new.values()
    )


def has_declared(*, user: User, cohort: Cohort) -> bool:
    """Whether the person's declaration stands. Callers say yes or no to it; they never show more."""
    return Declaration.objects.standing().filter(user=user, cohort=cohort).exists()
