"""Locks on rows, in the one order that keeps any two verbs from waiting for each other.

Partnerships first, then applications, then people, each by their number; messages last. Cohorts, suggestions, offers
and training sessions come before all of these.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet


def lock_rows(rows: QuerySet[Any]) -> list[int]:
    """Lock rows until the transaction ends; gives their numbers.

    `no_key`: a new row that points to a locked one, such as the record that a card was seen, needn't wait. It would
    wait while it holds others of its rows, hence in an order of its own.
    """
    locked = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    return list(locked.values_list("pk", flat=True))
