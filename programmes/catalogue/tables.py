"""One table of a TOML file, read key by key, so that whatever is missing, unknown or of a wrong kind has a place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models.fields import NOT_PROVIDED


class CatalogueError(Exception):
    """What is wrong with a catalogue file: in which file, at which place, and what."""


class Table:
    """`take…` removes keys as they are read; `close` refuses what nobody asked for."""

    def __init__(self, data: Any, *, file: str, place: str):
        self.file, self.place = file, place
        if not isinstance(data, dict):
            raise self.error("must be a table")
        self.data = dict(data)

    def error(self, what: str) -> CatalogueError:
        return CatalogueError(f"{self.file}: {self.place}: {what}.")

    def take(self, key: str) -> Any:
        if key not in self.data:
            raise self.error(f"“{key}” is missing")
        return self.data.pop(key)

    def text(self, key: str) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"“{key}” must be a text")
        return value.strip()

    def table(self, key: str) -> Table:
        """A table inside this one; an empty one if it isn't there."""
        place = key if self.place == "the file" else f"{self.place}.{key}"
        return Table(self.data.pop(key, {}), file=self.file, place=place)

    def tables(self, key: str) -> list[Table]:
        """The tables of a list, each with its number in the place; an empty list if it isn't there."""
        place = key if self.place == "the file" else f"{self.place}.{key}"
        rows = self.data.pop(key, [])
        if not isinstance(rows, list):
            raise self.error(f"“{key}” must be a list")
        return [
            Table(row, file=self.file, place=f"{place}, entry {n}") for n, row in enumerate(rows, start=1)
        ]

    def among(self, allowed: Iterable[str], what: str) -> list[str]:
        """The keys that are there, each of which must be one of those allowed."""
        known = list(allowed)
        for key in self.data:
            if key not in known:
                raise self.error(f"unknown {what} “{key}”; known are {', '.join(known)}")
        return list(self.data)

    def fields(self, model: type[models.Model], names: Iterable[str]) -> dict[str, Any]:
        """Values for fields of a model. A field without a default must be there; kinds and choices are checked."""
        return {name: self._field(model._meta.get_field(name)) for name in names}

    def _field(self, field: Any) -> Any:
        if field.name not in self.data:
            if field.default is not NOT_PROVIDED:
                return field.get_default()
            if field.null or field.blank:
                return None if field.null else ""
            raise self.error(f"“{field.name}” is missing")
        value = self.data.pop(field.name)
        kind = _kind(field)
        if type(value) is not kind:  # exactly: a bool is an int and a datetime is a date
            raise self.error(f"“{field.name}” must be {_KINDS[kind]}")
        if isinstance(value, str):
            value = value.strip()
        known = [choice for choice, _ in field.flatchoices]
        if known and value not in known:
            raise self.error(f"unknown {field.name} “{value}”; known are {', '.join(map(str, known))}")
        return value

    def close(self) -> None:
        if self.data:
            raise self.error(f"unknown key “{next(iter(self.data))}”")


_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    date: "a day (2025-12-01)",
    str: "a text",
}


def _kind(field: Any) -> type:
    if isinstance(field, models.BooleanField):
        return bool
    if isinstance(field, models.IntegerField):
        return int
    return date if isinstance(field, models.DateField) else str
