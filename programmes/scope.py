"""The one rule of ALL-1: who works for a programme sees its rows, and no others.

A model that belongs to a programme gives its queryset `ScopedQuerySet` and names the path to the programme in
`PROGRAMME_PATH`; every view, admin page, export and task of the office then begins with `visible_to(user)`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User


class ScopedQuerySet(models.QuerySet):
    """Rows of a programme. `visible_to` is the office's door; participants have doors of their own (`of`)."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows of the programmes that this person administers; all for a superuser; none for anybody else."""
        return self.of_duties(user, ["administer"])

    def of_duties(self, user: User | AnonymousUser, kinds: Collection[str]) -> Self:
        """Rows of the programmes for which this person holds one of these duties; all for a superuser."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        path = self.model.PROGRAMME_PATH  # type: ignore[attr-defined]
        programmes = user.duties.filter(kind__in=kinds).values("programme")
        lookup: dict[str, Any] = {f"{path}__in" if path else "pk__in": programmes}
        return self.filter(**lookup)
