"""Once a month the answers are counted into rounded figures, which stay when the answers are gone (EI-7).

What comes out is `publishing`'s to say. It sees who is behind each table that is out, from the tables' sealed lists:
where one of them doesn't open any more nothing can be compared, and nothing more comes out for that cohort.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from equality import keys, queries, services
from equality.models import Answers
from matching.models import MatchRun
from mentorship.lib import rounding
from overview.equality import publishing, stages
from overview.equality.models import OF_A_COHORT, Figure, Snapshot, Stage, Table
from overview.equality.publishing import Rows
from programmes.models import Cohort

log = logging.getLogger(__name__)


def take_due(*, at: datetime) -> int:
    """Count every cohort that hasn't been counted this month; how many were. Safe to run twice and at once.

    From the day its sign-up opens to the month after its end. One that fails holds back no other.
    """
    month = timezone.localdate(at).replace(day=1)
    taken = 0
    for cohort in _due(month, on=timezone.localdate(at)):
        try:
            taken += take(cohort, month=month)
        except Exception:  # it is tried again with the next sweep
            log.exception("The equality figures of cohort %s could not be counted.", cohort.pk)
    return taken


def _due(month: date, *, on: date) -> QuerySet[Cohort]:
    month_before = (month - timedelta(days=1)).replace(day=1)
    counted = Snapshot.objects.filter(month=month)
    cohorts = Cohort.objects.filter(sign_up_opens_on__lte=on, ends_on__gte=month_before)
    return cohorts.exclude(pk__in=counted.values("cohort")).select_related("programme").order_by("pk")


@transaction.atomic
def take(cohort: Cohort, *, month: date) -> bool:
    """Count one cohort for one month; False if somebody has done so already."""
    snapshot, is_new = Snapshot.objects.get_or_create(cohort=cohort, month=month)
    if not is_new:
        return False
    people = stages.of_cohort(cohort)
    _renew(cohort, accounts=people[Stage.APPLIED])
    count = _Count.begin(snapshot, accounts=people[Stage.APPLIED])
    if count is not None:
        for stage in OF_A_COHORT:
            count.stage(stage, people[stage])
        for run in stages.runs_to_count(cohort):
            count.run(run)
    return True


@transaction.atomic
def purge(answers: QuerySet[Answers]) -> None:
    """Remove answers for good, and what the tables of their cohorts say of the rows behind them.

    The figures stay as they are; no others of these cohorts can follow.
    """
    pks, cohorts = list(answers.values_list("pk", flat=True)), list(answers.values_list("cohort", flat=True))
    Table.objects.filter(snapshot__cohort__in=cohorts).update(behind=b"")
    Answers.objects.filter(pk__in=pks).delete()


@dataclass
class _Count:
    """The count of one cohort: whose answers are whose, and the rows behind the tables that are out."""

    snapshot: Snapshot
    answers: Mapping[int, Answers]
    out: list[Rows]
    newest: dict[str, Rows] = field(default_factory=dict)  # of a cohort's stages
    counted_runs: set[int | None] = field(default_factory=set)

    @classmethod
    def begin(cls, snapshot: Snapshot, *, accounts: Iterable[int]) -> Self | None:
        """None where what is out can't be compared any more."""
        count = cls(snapshot, queries.by_account(cohort=snapshot.cohort, accounts=accounts), [])
        for table in Table.objects.filter(snapshot__cohort=snapshot.cohort).order_by("pk"):
            rows = keys.unseal(table.behind, place=_place(table))
            if rows is None:
                return None
            count._is_out(table, rows)
        return count

    def stage(self, stage: Stage, people: Iterable[int]) -> None:
        """Bring a stage's table out, unless the rows behind its last one are the same."""
        found = self._answers_of(people)
        rows = _rows(found)
        if self.newest.get(stage) != rows and publishing.may_come_out([rows], beside=self.out):
            self._bring_out(stage, found)

    def run(self, run: MatchRun) -> None:
        """Bring the two tables of a run out, once and together: set against each other they tell who was left out."""
        if run.pk in self.counted_runs:
            return
        considered, fits = stages.of_run(run)
        everybody, placed = self._answers_of(considered), self._answers_of(fits)
        if publishing.may_come_out([_rows(everybody), _rows(placed)], beside=self.out):
            self._bring_out(Stage.CONSIDERED, everybody, run=run)
            self._bring_out(Stage.PLACED, placed, run=run, fits=fits)

    def _answers_of(self, people: Iterable[int]) -> dict[int, Answers]:
        return {account: self.answers[account] for account in people if account in self.answers}

    def _bring_out(
        self,
        stage: Stage,
        found: Mapping[int, Answers],
        *,
        run: MatchRun | None = None,
        fits: Mapping[int, int] | None = None,
    ) -> None:
        rows = _rows(found)
        table = Table(snapshot=self.snapshot, run=run, stage=stage, number=rounding.nearest_five(len(rows)))
        table.behind = keys.seal(rows, place=_place(table))
        table.save()
        Figure.objects.bulk_create(_figures(table, found, fits or {}))
        self._is_out(table, rows)

    def _is_out(self, table: Table, rows: Rows) -> None:
        self.out.append(rows)
        if table.run_id is None:
            self.newest[table.stage] = rows
        self.counted_runs.add(table.run_id)


def _figures(table: Table, found: Mapping[int, Answers], fits: Mapping[int, int]) -> list[Figure]:
    is_sensitive = table.snapshot.cohort.programme.is_sensitive
    cells = publishing.cells((answers.given() for answers in found.values()), is_sensitive=is_sensitive)
    by_answer: dict[tuple[str, str], list[float]] = defaultdict(list)
    for account in found.keys() & fits.keys():
        for answer in found[account].given().items():
            by_answer[answer].append(fits[account] / 100)
    return [
        Figure(
            table=table,
            question=question,
            choice=choice,
            number=number,
            mean=rounding.kept_average(by_answer[question, choice], is_sensitive=is_sensitive),
        )
        for (question, choice), number in cells.items()
    ]


def _rows(found: Mapping[int, Answers]) -> Rows:
    return frozenset(answers.pk for answers in found.values())


def _place(table: Table) -> str:
    """What a sealed list is bound to; known before the table has a number."""
    return f"overview/table/{table.snapshot_id}/{table.run_id or ''}/{table.stage}"


def _renew(cohort: Cohort, *, accounts: Iterable[int]) -> None:
    """Bring answers and sealed lists under the present secret, so that a former one can go after a month."""
    if not settings.SECRET_KEY_FALLBACKS:
        return
    services.renew(cohort=cohort, accounts=accounts)
    for table in Table.objects.filter(snapshot__cohort=cohort).order_by("pk"):
        rows = keys.unseal(table.behind, place=_place(table))
        if rows is not None:
            table.behind = keys.seal(rows, place=_place(table))
            table.save(update_fields=["behind"])
