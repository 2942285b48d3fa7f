"""A year of concerns in figures, with nobody in them: for handlers and for the programme's office.

Every figure is rounded to the nearest five and one below five is said to be so, each on its own, so that nothing can
be reckoned back from a sum. Only years that are over: a figure that moved would say that somebody wrote today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from concerns import clock
from concerns.models import AtRisk, Case, Category, Outcome
from mentorship.lib.rounding import of_concerns
from programmes.models import Duty, Programme

IN_TIME, LATE = "in time", "late or not yet"


@dataclass(frozen=True)
class Table:
    """One question put to the cases of a year: its heading, and each answer with its rounded figure."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Summary:
    year: int
    total: str
    tables: tuple[Table, ...]


def years_of(programme: Programme, *, at: datetime) -> list[int]:
    """Years that are over, from the programme's first cohort on, the newest first: also those without a case."""
    first = programme.cohorts.order_by("sign_up_opens_on").values_list("sign_up_opens_on", flat=True).first()
    last = timezone.localdate(at).year - 1
    return list(range(last, (first.year if first else last) - 1, -1))


def summary_of(programme: Programme, year: int, *, viewer: User) -> Summary:
    """The cases that came in during a calendar year.

    For a handler those that they may read: else the difference to their own list would tell of what is kept from
    them. For the office all, since it reads none.
    """
    handles = viewer.duties.filter(programme=programme, kind=Duty.Kind.CONCERNS).exists()
    open_to_them = Case.objects.visible_to(viewer) if handles else Case.objects.all()
    cases = open_to_them.filter(programme=programme, created_at__range=_bounds(year)).order_by()
    rows = list(cases.values_list("category", "at_risk", "outcome", "created_at", "first_answered_at"))
    answered = [
        _first_answer(programme, is_urgent=row[1] == AtRisk.YES, created_at=row[3], at=row[4]) for row in rows
    ]
    return Summary(
        year=year,
        total=of_concerns(len(rows)),
        tables=(
            _table("What they were about", Category.choices, (row[0] for row in rows)),
            _table("Was anybody at risk", AtRisk.choices, (row[1] for row in rows)),
            _table("First answer", [(each, each) for each in (IN_TIME, LATE)], answered),
            _table("How they ended", [*Outcome.choices, ("", "Open")], (row[2] for row in rows)),
        ),
    )


def _first_answer(programme: Programme, *, is_urgent: bool, created_at: datetime, at: datetime | None) -> str:
    """By the programme's days of today: the moment that a case keeps is that of its last message."""
    due = clock.answer_due(created_at, programme.concern_answer_days, is_urgent=is_urgent)
    return IN_TIME if at is not None and at <= due else LATE


def _table(heading: str, choices: Iterable[tuple[Any, Any]], values: Iterable[str]) -> Table:
    counted = Counter(values)
    return Table(heading, tuple((str(label), of_concerns(counted[value])) for value, label in choices))


def _bounds(year: int) -> tuple[datetime, datetime]:
    """From the first to the last moment of a year in London, which is at UTC in January."""
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
