"""Whose answers are whose, for a person themselves and for the monthly count. No page shows anybody else's."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from equality import keys
from equality.models import Answers
from programmes.models import Cohort


def own(*, cohort: Cohort, account: int) -> Answers | None:
    """A person's own answers."""
    found = keys.pseudonyms(cohort=cohort.pk, account=account)
    return Answers.objects.filter(cohort=cohort, pseudonym__in=found).first()


def of_account(account: int) -> QuerySet[Answers]:
    """Everything that a person has answered in any cohort: for taking it along and for erasing it."""
    cohorts = Answers.objects.order_by().values_list("cohort", flat=True).distinct()
    found = [each for pk in cohorts for each in keys.pseudonyms(cohort=pk, account=account)]
    return Answers.objects.filter(pseudonym__in=found).order_by("pk")


def by_account(*, cohort: Cohort, accounts: Iterable[int]) -> dict[int, Answers]:
    """The answers of those among these people who gave some, in one query."""
    rows = {row.pseudonym: row for row in Answers.objects.filter(cohort=cohort)}
    if not rows:
        return {}
    found = {}
    for account in accounts:
        for pseudonym in keys.pseudonyms(cohort=cohort.pk, account=account):
            if pseudonym in rows:
                found[account] = rows[pseudonym]
                break
    return found
