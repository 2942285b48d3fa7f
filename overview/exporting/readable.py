"""Rows of a person in words: labels beside values, and nobody else's details."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from accounts.models import User
from overview.personal.holding import Holding, Level

YOU, SOMEBODY_ELSE = "you", "somebody else"
Line = dict[str, Any]  # label: value

# Columns that would tell of others or open something, with what the copy says of them: nothing of the machine's.
LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "outbox.Message": {
        **dict.fromkeys(
            ("text", "html", "calendar"),
            "You have had these words by e-mail; they may hold a code, a link or somebody else’s details.",
        ),
        **dict.fromkeys(
            (
                "key",
                "message_id",
                "is_urgent",
                "attempts",
                "lease_until",
                "lease_token",
                "error",
                "not_before",
            ),
            "",
        ),
    },
    "admin.LogEntry": {**dict.fromkeys(("object_repr", "content_type"), "")},
    "meetings.Meeting": {"place": "Your partnership’s page shows it until the day is over."},
    "partnerships.Partnership": {
        "end_reason": "It may tell of somebody else, and no page shows it.",
        **dict.fromkeys(("pause_seal", "agreement_round"), ""),
    },
}


class Reader:
    """What is this person's own, asked once for each table however many rows point into it."""

    def __init__(self, user: User, holdings: Iterable[Holding]) -> None:
        self.user = user
        self._holdings = {holding.model_class: holding for holding in holdings}
        self._own: dict[type[models.Model], set[Any]] = {}

    def is_personal(self, model: type[models.Model]) -> bool:
        """Whether rows of a table belong to people, so that one which isn't one's own is somebody else's."""
        holding = self._holdings.get(model)
        return holding is not None and bool(holding.of or holding.rows)

    def owns(self, model: type[models.Model], pk: Any) -> bool:
        if model not in self._own:
            rows = self._holdings[model].rows_of(self.user)
            self._own[model] = set(rows.order_by().values_list("pk", flat=True))
        return pk in self._own[model]


class Table:
    """The rows of one holding in words; the number of queries doesn't grow with the rows."""

    def __init__(self, holding: Holding, reader: Reader) -> None:
        self.holding, self.reader = holding, reader
        self.model: type[Any] = holding.model_class

    @property
    def title(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    @property
    def left_out(self) -> dict[str, str]:
        """Labels of the columns that are left out, with the reason; those that say nothing of anybody aside."""
        reasons = LEFT_OUT.get(self.holding.model, {})
        return {
            _label(self.model._meta.get_field(name)): reason for name, reason in reasons.items() if reason
        }

    @cached_property
    def columns(self) -> list[Any]:
        """Every column but proofs and what is left out; what is chosen from a list stands with its row."""
        left_out = LEFT_OUT.get(self.holding.model, {})
        own = [
            field
            for field in self.model._meta.concrete_fields
            if self.holding.columns.get(field.name, Level.PROOF) is not Level.PROOF
            and field.name not in left_out
            and not isinstance(field, models.BinaryField)
        ]
        return [*own, *self.model._meta.many_to_many]

    def lines(self, found: QuerySet[Any]) -> list[Line]:
        sets = [field.name for field in self.columns if field.many_to_many]
        rows = list(found.prefetch_related(*sets))
        named = {field: self._names(field, rows) for field in self.columns if field.is_relation}
        return [
            {_label(field): _value(field, row, named.get(field)) for field in self.columns} for row in rows
        ]

    def _names(self, field: Any, rows: Sequence[Any]) -> dict[Any, str]:
        """What the rows that a column points to are called."""
        if field.many_to_many:
            return {}
        model = field.related_model
        pks = {pk for row in rows if (pk := getattr(row, field.attname)) is not None}
        if model is User:
            return {pk: YOU if pk == self.reader.user.pk else SOMEBODY_ELSE for pk in pks}
        if self.reader.is_personal(model):
            kind = capfirst(str(model._meta.verbose_name))
            return {pk: f"{kind} {pk}" if self.reader.owns(model, pk) else SOMEBODY_ELSE for pk in pks}
        return {pk: str(row) for pk, row in model._base_manager.select_related().in_bulk(pks).items()}


def _value(field: Any, row: Any, names: Mapping[Any, str] | None) -> Any:
    if field.many_to_many:
        return [str(each) for each in getattr(row, field.name).all()]
    value = getattr(row, field.attname)
    if field.is_relation:
        return None if value is None else (names or {}).get(value, SOMEBODY_ELSE)
    if field.choices and value not in (None, ""):
        return {"value": value, "label": str(getattr(row, f"get_{field.name}_display")())}
    return value


def plain(value: Any) -> Any:
    """What JSON has no kind for: moments by the School's clock, everything else as it is called."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def in_words(value: Any) -> str:
    """A value for somebody who reads; several stand in lines of their own."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, list):
        return "\n".join(in_words(each) for each in value)
    if isinstance(value, dict):
        return value["label"] if "label" in value else ", ".join(in_words(each) for each in value.values())
    return "" if value is None else str(value)


def _label(field: Any) -> str:
    return capfirst(str(field.verbose_name))
