"""What a rule of retention is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate

from overview.personal.holding import Category

Rows = QuerySet[Any]
Purge = Callable[[Rows, datetime], None]


def delete(rows: Rows, at: datetime) -> None:
    """With everything that belongs to them; what must go before them has gone, or the database refuses."""
    rows.model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()


def blank(values: Mapping[str, Any]) -> Purge:
    """The row stays as a count."""

    def purge(rows: Rows, at: datetime) -> None:
        pks = list(rows.values_list("pk", flat=True))
        rows.model._default_manager.filter(pk__in=pks).update(**values)

    return purge


def not_blank(values: Mapping[str, Any]) -> Q:
    """Rows of which something is left to blank."""
    left = Q(pk__in=[])
    for column, value in values.items():
        left |= Q(**{f"{column}__isnull": False}) if value is None else ~Q(**{column: value})
    return left


def day_of(moment: str | Any) -> TruncDate:
    """The School's day of a moment: periods are counted in days."""
    return TruncDate(F(moment) if isinstance(moment, str) else moment, tzinfo=ZoneInfo(settings.TIME_ZONE))


@dataclass(frozen=True)
class Rule:
    """How rows of a category fall due, and how they go.

    `rows` are all that the rule may ever take, on a given day: nothing that runs. Each has `since`, the day from which
    its period counts. `people` is the way to those whom an open concern may need: while it does, the row waits.
    What leans on a row has periods of its own (`leaning`): the row is due with the last of them, and at that moment
    `free` leaves out those that something leans on still.
    """

    key: str
    title: str
    category: Category
    rows: Callable[[date], Rows]
    purge: Purge = delete
    people: str = ""
    leaning: tuple[Category, ...] = ()
    free: Callable[[Rows], Rows] | None = None

    def months(self, periods: Mapping[str, int]) -> int:
        """How long its rows are kept, by the table of periods."""
        return max(periods[category.key] for category in (self.category, *self.leaning))

    def due(self, over: date, *, on: date) -> Rows:
        """Rows whose period began on the day `over` or before, the oldest first."""
        return self.rows(on).filter(since__lte=over).order_by("since", "pk")


def people_in(rule: Rule, pks: Iterable[Any], rows: Rows) -> dict[Any, set[int]]:
    """Whom each row is about, by its key."""
    found: dict[Any, set[int]] = {}
    if rule.people:
        for pk, person in rows.model._base_manager.filter(pk__in=list(pks)).values_list("pk", rule.people):
            found.setdefault(pk, set()).add(person)
    return found
