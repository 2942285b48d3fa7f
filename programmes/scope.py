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
    """Rows of a programme. `visible_to` is the office's door; participants have doors of their own (`of`).

    Rank opens no row of a person. What a programme is made of says otherwise by `is_open_to_rank`, since a superuser
    sets programmes up.
    """

    is_open_to_rank = False

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows of the programmes that this person administers; all where rank opens them; none for anybody else."""
        return self if self.opens_by_rank(user) else self.administered_by(user)

    def administered_by(self, user: User | AnonymousUser) -> Self:
        """By duty alone: for whatever leads from a row of the set-up to the people in it."""
        return self.of_duties(user, ["administer"])

    def opens_by_rank(self, user: User | AnonymousUser) -> bool:
        """Whether all rows of this kind stand open to this person because they are a superuser."""
        return self.is_open_to_rank and user.is_superuser and user.is_active

    def of_duties(self, user: User | AnonymousUser, kinds: Collection[str]) -> Self:
        """Rows of the programmes for which this person holds one of these duties, whatever their rank."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        path = self.model.PROGRAMME_PATH  # type: ignore[attr-defined]
        programmes = user.duties.filter(kind__in=kinds).values("programme")
        lookup: dict[str, Any] = {f"{path}__in" if path else "pk__in": programmes}
        return self.filter(**lookup)
