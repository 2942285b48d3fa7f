"""The words in which a table with people in it is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from accounts.models import User


class Level(StrEnum):
    """How near a column comes to a person."""

    NEUTRAL = "neutral"  # says nothing of anybody: a key, a state of the system
    PERSONAL = "personal"  # says something of a person
    SPECIAL = "special"  # of the kinds of Article 9 UK GDPR
    PROOF = "proof"  # what somebody proves themselves with: never exported


class Erasure(StrEnum):
    """What erasing a person does to their rows."""

    DELETE = "delete"  # the row goes
    BLANK = "blank"  # the row stays as a count, its personal columns take the values of `blank`
    KEEP = "keep"  # the row stays as it is; `reason` says why


def columns(
    *, neutral: str = "id", personal: str = "", special: str = "", proof: str = ""
) -> dict[str, Level]:
    """The columns of a table by level, each list as words."""
    named = {Level.NEUTRAL: neutral, Level.PERSONAL: personal, Level.SPECIAL: special, Level.PROOF: proof}
    return {column: level for level, names in named.items() for column in names.split()}


@dataclass(frozen=True)
class Category:
    """One line of the record of processing (Article 30 UK GDPR) and of the table of periods."""

    key: str
    title: str
    purpose: str
    basis: str
    read_by: str
    kept: str  # from when the period counts, in words
    months: int  # the default period; an administrator's table may say another


@dataclass(frozen=True)
class Holding:
    """A table with people in it: whose, why, how near, and what becomes of it.

    `of` are the ways from a row to the account of whom it is about (“application__user”); `rows` finds them where no
    such way leads. `by` are ways to whoever only did something to it. `columns` names every column of the table.
    """

    model: str  # "applications.Application"
    category: Category
    columns: Mapping[str, Level]
    of: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    rows: Callable[[User], QuerySet[Any]] | None = None
    erasure: Erasure = Erasure.DELETE
    blank: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    is_exported: bool = True
    withheld: str = ""  # why a copy for the person leaves it out, where `is_exported` is false

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    def rows_of(self, user: User) -> QuerySet[Any]:
        """Every row that is about this person, in the order of their keys."""
        if self.rows is not None:
            return self.rows(user)
        ways = Q()
        for way in self.of:
            ways |= Q(**{way: user})
        return self.model_class._default_manager.filter(ways).order_by("pk").distinct()
