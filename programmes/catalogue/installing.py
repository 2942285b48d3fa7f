"""From the rows of a catalogue to the database, so that it can be run again and again.

A `CatalogueRow` remembers what was written. Then, row by row: never seen → create it (or take up an equal one that
the office made); remembered but gone → the office removed it, and it stays gone; there → each field that still holds
what was written follows the catalogue, and each that doesn't was changed by the office and stays. Nothing is ever
deleted, and a published policy version is never altered (EI-1).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from programmes.catalogue.reading import Catalogue, Row
from programmes.catalogue.tables import CatalogueError
from programmes.models import CatalogueRow, Cohort, DisclosedFact, PolicyVersion, Programme, Question

_PROGRAMME = "programme"  # path of the programme's own row


@dataclass
class Report:
    """Paths of what was done; `kept` says why it differs from the catalogue."""

    programme: Programme | None = None
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def install(catalogue: Catalogue, *, at: datetime) -> Report:
    """Install or update one programme. Raises CatalogueError; then nothing of it is done."""
    return _Installation(catalogue, at=at).run()


class _Installation:
    """One run over one programme, with its rows and memories loaded once."""

    def __init__(self, catalogue: Catalogue, *, at: datetime):
        self.catalogue, self.at = catalogue, at
        self.report = Report()
        self.memories: dict[str, CatalogueRow] = {}
        self.existing: dict[type[models.Model], dict[int, Any]] = {}

    def run(self) -> Report:
        self.programme = self._install_programme()
        self.report.programme = self.programme
        for row in self.catalogue.policy_versions:
            self._install_policy_version(row)
        for row in self.catalogue.rows:
            self._install(row)
        return self.report

    # The programme itself

    def _install_programme(self) -> Programme:
        row = Row(Programme, _PROGRAMME, ("slug",), self.catalogue.programme, "programme")
        programme = Programme.objects.select_for_update().filter(slug=self.catalogue.slug).first()
        if programme is None:
            programme = self._written(Programme(), row)
            self._remember(row, programme.pk, _plain(row.values), programme)
            self.report.created.append(row.path)
            return programme
        self.memories = {memory.path: memory for memory in CatalogueRow.objects.filter(programme=programme)}
        self._update(
            programme, row, self.memories.get(row.path) or self._remember(row, programme.pk, {}, programme)
        )
        return programme

    # Policy versions

    def _install_policy_version(self, row: Row) -> None:
        if memory := self.memories.get(row.path):
            if memory.values != _plain(row.values):
                name = f"{row.values['kind']} {row.values['label']}"
                raise self._error(
                    row, f"{name} is published and stays as people accepted it; give the new text a new label"
                )
        elif self._equal(row, {"programme": self.programme}):
            self.report.kept.append(f"{row.path} (the office has one of this name)")
        else:
            self._create_policy_version(row)

    def _create_policy_version(self, row: Row) -> None:
        """First a draft with what it shows: nothing can be added to what is published."""
        later = {"disclosed_facts", "published_on"}
        texts = replace(row, values={n: v for n, v in row.values.items() if n not in later})
        version = self._written(PolicyVersion(programme=self.programme), texts)
        DisclosedFact.objects.bulk_create(
            DisclosedFact(policy_version=version, position=position, **fact)
            for position, fact in enumerate(row.values["disclosed_facts"])
        )
        self._written(version, row, ["published_on"])
        self._remember(row, version.pk, _plain(row.values), self.programme)
        self.report.created.append(row.path)

    # All other rows

    def _install(self, row: Row) -> None:
        memory = self.memories.get(row.path)
        if memory is not None:
            obj = self._rows(row.model).get(memory.row_pk)
            if obj is None:
                self.report.kept.append(f"{row.path} (removed by the office)")
            else:
                self._update(obj, row, memory)
            return
        parent = self._parent(row)
        if parent is None:
            return  # it hangs on a row that the office removed
        if obj := self._equal(row, parent):
            self._update(obj, row, self._remember(row, obj.pk, {}, self.programme))
        else:
            obj = self._written(row.model(**parent), row)
            self._remember(row, obj.pk, _plain(row.values), self.programme)
            self.report.created.append(row.path)

    def _parent(self, row: Row) -> dict[str, Any] | None:
        """The row that it hangs on, under its name there; None if the office removed that one."""
        if not row.parent:
            return {"programme": self.programme}
        model: Any = row.model
        name = model.PROGRAMME_PATH.partition("__")[0]
        parents = model._meta.get_field(name).related_model
        parent = parents._default_manager.filter(pk=self.memories[row.parent].row_pk).first()
        return {name: parent} if parent else None

    def _equal(self, row: Row, parent: dict[str, Any]) -> models.Model | None:
        return row.model._default_manager.filter(
            **parent, **{name: row.values[name] for name in row.key}
        ).first()

    def _rows(self, model: Any) -> dict[int, Any]:
        if model not in self.existing:
            rows = model._default_manager.filter(**{model.PROGRAMME_PATH: self.programme})
            rows = rows.select_related("policy") if model is Cohort else rows
            self.existing[model] = {row.pk: row for row in rows}
        return self.existing[model]

    # Fields

    def _update(self, obj: Any, row: Row, memory: CatalogueRow) -> None:
        """Let the fields follow that still hold what the catalogue wrote; say which don't."""
        wanted, current = _plain(row.values), _plain(_current(obj, row.values))
        stale = [name for name in wanted if current[name] != wanted[name]]
        free = [name for name in stale if name in memory.values and current[name] == memory.values[name]]
        if free and not self._fits(obj, row, free):
            free = []
        if free:
            self._written(obj, row, free)
            self.report.updated.append(f"{row.path} ({', '.join(free)})")
        if changed := [name for name in stale if name not in free]:
            self.report.kept.append(f"{row.path} ({', '.join(changed)})")
        agreed = {name: value for name, value in wanted.items() if name not in changed}
        if memory.values != memory.values | agreed:
            memory.values |= agreed
            memory.save(update_fields=["values"])

    def _fits(self, obj: Any, row: Row, names: list[str]) -> bool:
        """Whether the office's rows leave room for the new values (a name of its own may be in the way)."""
        before = {name: getattr(obj, name) for name in names}
        self._set(obj, row, names)
        try:
            obj.clean()
            obj.validate_constraints()
        except ValidationError:
            for name, value in before.items():
                setattr(obj, name, value)
            return False
        return True

    def _written(self, obj: Any, row: Row, names: list[str] | None = None) -> Any:
        self._set(obj, row, names or list(row.values))
        if isinstance(obj, Question) and obj.pk is None:
            obj.asked_at = obj.answered_at = self.at
            obj.is_published = True
        relations = {f.name for f in obj._meta.concrete_fields if f.is_relation}
        try:
            obj.clean_fields(exclude=relations)
            obj.clean()
            if obj.pk is None:
                obj.validate_constraints()
        except ValidationError as error:
            said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
            raise self._error(row, said.rstrip(".")) from error
        obj.save()
        return obj

    def _set(self, obj: Any, row: Row, names: list[str]) -> None:
        for name in names:
            value = row.values[name]
            if row.model is Cohort and name == "policy":
                value = PolicyVersion.objects.get(
                    programme=self.programme, kind=PolicyVersion.Kind.POLICY, label=row.values["policy"]
                )
            setattr(obj, name, value)

    def _remember(self, row: Row, pk: int, values: dict[str, Any], programme: Programme) -> CatalogueRow:
        memory = CatalogueRow.objects.create(programme=programme, path=row.path, row_pk=pk, values=values)
        self.memories[row.path] = memory
        return memory

    def _error(self, row: Row, what: str) -> CatalogueError:
        return CatalogueError(f"{self.catalogue.file}: {row.place}: {what}.")


def _current(obj: Any, names: Any) -> dict[str, Any]:
    """The values that a row holds now; of a cohort's policy its label, as the catalogue writes it."""
    return {name: obj.policy.label if name == "policy" else getattr(obj, name) for name in names}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps them, so that what is remembered can be compared with what is there."""
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    """Browsers send a text back with other line ends than it had; that alone is no change by the office."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    return value.isoformat() if isinstance(value, date) else value
