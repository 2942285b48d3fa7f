"""A list of alumni, as a registry exports it: a name, a course and a year of graduation per row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from applications import answers
from applications.answers import BadAnswer, folded
from applications.models import AlumniRecord
from applications.spreadsheet.files import Row, Table, Unreadable, read
from applications.spreadsheet.rows import WHOLE_ROW, Refusal

# The first of these headings that a file has is taken; a full name counts before its parts.
_HEADINGS = {
    "name": ("Name", "Full name"),
    "first_name": ("First name", "Given name", "Forename"),
    "last_name": ("Last name", "Family name", "Surname"),
    "course": ("Course", "Course(s) studied", "Courses", "Programme"),
    "year": ("Year", "Year of graduation", "Graduation year"),
}


@dataclass(frozen=True)
class Alumnus:
    line: int
    name: str
    course: str
    year: int


def alumni(data: bytes, *, today: date) -> tuple[list[Alumnus], list[Refusal]]:
    """Who stands in a file, and what is wrong with the other rows. Unreadable if the file can't be taken as a whole."""
    table = read(data, known=[heading for headings in _HEADINGS.values() for heading in headings])
    places = _places(table)
    found, refusals = [], []
    for row in table.rows:
        outcome = _alumnus(row, places, table.headings, today)
        if isinstance(outcome, Alumnus):
            found.append(outcome)
        else:
            refusals += outcome
    return found, refusals


def _places(table: Table) -> dict[str, int]:
    there = {folded(heading): place for place, heading in enumerate(table.headings)}
    places = {
        key: next(there[folded(heading)] for heading in headings if folded(heading) in there)
        for key, headings in _HEADINGS.items()
        if any(folded(heading) in there for heading in headings)
    }
    if "name" in places:
        places.pop("first_name", None)
        places.pop("last_name", None)
    missing = [key for key in ("course", "year") if key not in places]
    if "name" not in places and not {"first_name", "last_name"} <= places.keys():
        missing.insert(0, "name")
    if missing:
        wanted = "; ".join(" or ".join(_HEADINGS[key]) for key in missing)
        raise Unreadable(f"The file lacks columns that are needed: {wanted}.")
    return places


def _alumnus(
    row: Row, places: dict[str, int], headings: tuple[str, ...], today: date
) -> Alumnus | list[Refusal]:
    if row.fault:
        return [Refusal(row.line, WHOLE_ROW, row.fault)]
    told: dict[str, Any] = {}
    refusals = []
    for key, place in places.items():
        try:
            told[key] = _value(key, row.cells[place], today)
        except BadAnswer as bad:
            refusals.append(Refusal(row.line, headings[place], bad.sentence))
    if refusals:
        return refusals
    name = told.get("name") or f"{told['first_name']} {told['last_name']}"
    if len(name) > _longest("name"):
        return [
            Refusal(row.line, headings[places["first_name"]], f"The whole name has {len(name)} characters.")
        ]
    return Alumnus(row.line, name, told["course"], told["year"])


def _value(key: str, raw: str, today: date) -> Any:
    if not raw.strip():
        raise BadAnswer("It is empty, and an answer is needed.")
    if key == "year":
        return answers.year(raw, today=today)
    return answers.line(raw, longest=_longest("course" if key == "course" else "name"))


def _longest(field: str) -> int:
    return answers.longest_of(AlumniRecord, field)
