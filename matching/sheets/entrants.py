"""Who stands in a sheet: everybody who can be matched as the engine knows them, and everybody else with the reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications.answers import folded
from applications.models import Application
from applications.spreadsheet.columns import Meaning, layout_of
from applications.spreadsheet.files import read
from applications.spreadsheet.rows import Checked, Rules, check, refuse_repeated
from matching import engine
from matching.sheets.scheme import Scheme
from partnerships.services import room_declared
from programmes.facts import FACTS, Kind
from programmes.models import Role


@dataclass(frozen=True)
class LeftOut:
    """A row of a sheet that has no partner, and why in words."""

    role: Role
    row: Checked
    why: str


@dataclass(frozen=True)
class Entrant:
    """A row that can be matched: what the engine may know of it, a mentor's places and a mentee's wishes by pathway."""

    role: Role
    row: Checked
    person: engine.Person
    places: Mapping[str, int]
    wishes: frozenset[str]

    @property
    def number(self) -> int:
        """What stands for an application's number; made of the address, so that lots don't hang on the rows' order."""
        return int(_digest(f"{self.role} {self.row.email}")[:13], 16)


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was understood, in the order of the addresses; `absent` are optional columns that it lacks."""

    role: Role
    entrants: tuple[Entrant, ...]
    left_out: tuple[LeftOut, ...]
    absent: tuple[str, ...]

    @property
    def rows(self) -> int:
        return len(self.entrants) + len(self.left_out)


def read_sheet(one: Scheme, role: Role, data: bytes, *, at: datetime) -> Sheet:
    """Everybody in a sheet, sorted into who can be matched and who can't and why.

    Of two rows with one address the one that was submitted first counts, wherever it stands. Unreadable, with a
    sentence, if the file as a whole can't be taken; `at` is the present moment, which no answer may lie after.
    """
    expected = one.expected(role)
    table = read(data, known=[column.heading for column in expected])
    layout = layout_of(table, expected)
    rules = Rules(one.answers(), one.needs_school_address(role), at)
    rows = sorted((check(row, layout=layout, rules=rules) for row in table.rows), key=_by_moment)
    rows = sorted(refuse_repeated(rows, field=layout.heading(Meaning.EMAIL)), key=lambda row: row.email)
    why = [" ".join(_objections(one, role, row)) for row in rows]
    return Sheet(
        role,
        tuple(_entrant(one, role, row) for row, no in zip(rows, why, strict=True) if not no),
        tuple(LeftOut(role, row, no) for row, no in zip(rows, why, strict=True) if no),
        layout.absent,
    )


def _by_moment(row: Checked) -> tuple[Any, ...]:
    return row.submitted_at, row.email, folded(row.name), repr(row.facts)


def _objections(one: Scheme, role: Role, row: Checked) -> Iterable[str]:
    """All that keeps a row from being matched at all, in sentences."""
    if row.refusals:
        return [f"{refusal.field}: {refusal.reason}" for refusal in row.refusals]
    outside = {(option.fact, option.name) for option in one.options if not option.is_eligible}
    said = [
        f"{fact.label} “{answer}” is outside this programme for now."
        for key, fact in FACTS.items()
        if fact.kind is Kind.CHOICE and (key, answer := row.facts.get(key, "")) in outside
    ]
    if role == Role.MENTOR and not any(_places(one, row).values()):
        said.append("Offers no place at present.")
    return said


def _entrant(one: Scheme, role: Role, row: Checked) -> Entrant:
    if role == Role.MENTOR:
        return Entrant(role, row, _person(row, is_mentor=True), _places(one, row), frozenset())
    profile = _profile(role, row)
    wishes = frozenset(kind for kind in one.pathways if profile.wants(kind))
    return Entrant(role, row, _person(row, is_mentor=False), {}, wishes)


def _places(one: Scheme, row: Checked) -> dict[str, int]:
    """A mentor's places by pathway (BM-8)."""
    profile = _profile(Role.MENTOR, row)
    return {kind: room_declared(profile, kind) for kind in one.pathways}


def _profile(role: Role, row: Checked) -> Application:
    """An application that is never saved, for the rules that it knows."""
    facts = {key: value for key, value in row.facts.items() if FACTS[key].kind is not Kind.CHOICES}
    return Application(role=role, **facts)


def _person(row: Checked, *, is_mentor: bool) -> engine.Person:
    """What the engine may know of somebody, and nothing else (EI-7, BM-2)."""
    facts = row.facts
    courses = (
        re.split(r"[;\n]", facts.get("courses", "")) if is_mentor else [facts.get("study_programme", "")]
    )
    place = facts.get("country" if is_mentor else "work_place", "")
    manager = facts.get("line_manager_email", "")
    return engine.Person(
        key=_digest(row.email),
        sectors=tuple(sorted(option.name for option in facts.get("sectors", ()))),
        support_areas=tuple(sorted(option.name for option in facts.get("support_areas", ()))),
        courses=tuple(course.strip() for course in courses if course.strip()),
        places=(place,) if place else (),
        band=facts.get("band"),
        division=facts.get("division", ""),
        managers=(_digest(manager),) if manager else (),
    )


def _digest(address: str) -> str:
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()
