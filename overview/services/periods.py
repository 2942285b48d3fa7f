"""For how long each category is kept: an administrator's word, else the category's own."""

from __future__ import annotations

from collections.abc import Mapping

from overview.models import RetentionPeriod
from overview.personal.categories import CATEGORIES


def install() -> int:
    """A row for each category that has none, with its default; how many were new. What somebody set stays."""
    known = set(RetentionPeriod.objects.order_by().values_list("category", flat=True))
    new = [row for row in CATEGORIES if row.key not in known]
    RetentionPeriod.objects.bulk_create(
        (RetentionPeriod(category=row.key, months=row.months) for row in new), ignore_conflicts=True
    )
    return len(new)


def months_of() -> Mapping[str, int]:
    """Months per category, by its key, in one query."""
    said = dict(RetentionPeriod.objects.order_by().values_list("category", "months"))
    return {row.key: said.get(row.key, row.months) for row in CATEGORIES}
