"""A programme as its file in the catalogue says it, in rows that no database holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model

from applications.answers import EITHER, Options, folded
from applications.models import Application
from applications.spreadsheet.columns import Expected, expected_among
from matching.criteria import RULES, Criteria
from mentorship.lib.refusals import NotPossible
from programmes import catalogue
from programmes.catalogue import reading
from programmes.models import Ask, Option, Pathway, Programme, Role, SheetColumn, Weight

_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True)
class Scheme:
    """What a run without a database goes by; pathways and criteria are by kind of pathway."""

    programme: Programme
    options: tuple[Option, ...]
    asks: tuple[Ask, ...]
    sheet_columns: tuple[SheetColumn, ...]
    pathways: Mapping[str, Pathway]
    criteria: Mapping[str, Criteria]

    def expected(self, role: Role) -> tuple[Expected, ...]:
        """The columns that a sheet of this role may hold."""
        return expected_among(
            [column for column in self.sheet_columns if column.role == role],
            [ask for ask in self.asks if ask.role == role],
            has_declaration=bool(self.programme.declaration_wording),
        )

    def answers(self) -> Options:
        """The options that may be chosen, as `applications.answers.options_of` has them of a stored programme."""
        options = Options()
        for option in self.options:
            if option.is_open:
                options.setdefault(option.fact, {})[folded(option.name)] = option
        options.pathways = {folded(pathway.label): kind for kind, pathway in self.pathways.items()}
        if set(self.pathways) == set(Pathway.Kind.values):
            options.pathways[folded(EITHER)] = Application.PathwayChoice.EITHER
        return options

    def needs_school_address(self, role: Role) -> bool:
        if role == Role.MENTOR:
            return self.programme.requires_school_email_of_mentors
        return self.programme.requires_school_email_of_mentees

    def offered(self, pathway: str) -> tuple[str, ...]:
        """The pathways that a run covers: the one that is asked for, or all. NotPossible if there is none."""
        kinds = tuple(kind for kind in self.pathways if pathway in {"", kind})
        if not kinds:
            raise NotPossible(
                f"{self.programme.name} doesn't have that pathway; it has: {', '.join(self.pathways)}."
            )
        return kinds


def scheme_of(slug: str) -> Scheme:
    """The programme of this name in the catalogue; NotPossible, with those that there are, if none has it."""
    found = {one.slug: one for one in map(reading.read, catalogue.files())}
    if slug not in found:
        raise NotPossible(f"There is no programme “{slug}”. There are: {', '.join(sorted(found))}.")
    one = found[slug]
    pathways = {pathway.kind: pathway for pathway in _made(Pathway, one)}
    return Scheme(
        programme=Programme(**one.programme),
        options=_made(Option, one),
        asks=_made(Ask, one),
        sheet_columns=_made(SheetColumn, one),
        pathways=pathways,
        criteria={kind: _criteria(pathway, one) for kind, pathway in pathways.items()},
    )


def _made(model: type[_Row], one: reading.Catalogue) -> tuple[_Row, ...]:
    """Rows of a model that are never saved; their numbers only tell them apart."""
    rows = (row.values for row in one.rows if row.model is model)
    return tuple(model(pk=number, **values) for number, values in enumerate(rows, start=1))


def _criteria(pathway: Pathway, one: reading.Catalogue) -> Criteria:
    weights = [
        row.values for row in one.rows if row.model is Weight and row.parent == f"pathways/{pathway.kind}"
    ]
    return Criteria(
        weights={weight["part"]: weight["strength"] for weight in weights},
        objective=pathway.objective,
        **{rule: getattr(pathway, rule) for rule in RULES},
    )
