"""Give answers, take them back, remove those of a cohort (EI-7).

People come by `overview`, which hands over the number of their account; nothing here knows more of them, and no moment
is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from equality import keys
from equality.models import Answers
from equality.questions import QUESTIONS
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort


@transaction.atomic
def give(*, cohort: Cohort, account: int, answers: Mapping[str, str], at: datetime) -> None:
    """Keep these answers in place of earlier ones; where all are empty, none are kept.

    The same answers again change nothing: figures needn't be counted as if somebody new had come.
    """
    if cohort.has_ended(timezone.localdate(at)):
        raise NotPossible("This cohort is over, so it takes no more answers.")
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)  # two windows of one person wait in turn
    given = {question: answers.get(question, "") for question in QUESTIONS}
    rows = Answers.objects.filter(
        cohort=cohort, pseudonym__in=keys.pseudonyms(cohort=cohort.pk, account=account)
    )
    if any(row.given() == given for row in rows):
        return
    rows.delete()
    if any(given.values()):
        made = keys.pseudonym(cohort=cohort.pk, account=account)
        Answers.objects.create(cohort=cohort, pseudonym=made, **given)


def take_back(*, cohort: Cohort, account: int) -> bool:
    """Delete a person's answers, at any time and without a trace; whether there were any."""
    found = keys.pseudonyms(cohort=cohort.pk, account=account)
    deleted, _ = Answers.objects.filter(cohort=cohort, pseudonym__in=found).delete()
    return bool(deleted)


def renew(*, cohort: Cohort, accounts: Iterable[int]) -> int:
    """Bring answers that were given under a former secret under the present one; how many."""
    if not settings.SECRET_KEY_FALLBACKS:
        return 0
    present: dict[str, str] = {}
    for account in accounts:
        first, *former = keys.pseudonyms(cohort=cohort.pk, account=account)
        present |= dict.fromkeys(former, first)
    rows = [row for row in Answers.objects.filter(cohort=cohort) if row.pseudonym in present]
    for row in rows:
        row.pseudonym = present[row.pseudonym]
    return Answers.objects.bulk_update(rows, ["pseudonym"], batch_size=200)
