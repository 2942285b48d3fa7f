"""Which column of a sheet holds what, by the programme's data; what nobody asked for is left out by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from applications.answers import folded, quoted
from applications.spreadsheet.files import Table, Unreadable
from programmes.facts import FACTS, Kind
from programmes.models import Ask, Programme, SheetColumn

Meaning = SheetColumn.Meaning


@dataclass(frozen=True)
class Expected:
    """A column that the programme knows. `key` is a fact, or else a meaning of `SheetColumn`."""

    key: str
    heading: str
    is_fact: bool
    is_required: bool


@dataclass(frozen=True)
class Column:
    """A column found in a sheet: its place from the left, from 0, and its heading as the sheet has it."""

    expected: Expected
    place: int
    heading: str


@dataclass(frozen=True)
class Layout:
    columns: tuple[Column, ...]
    left_out: tuple[str, ...]  # headings that nobody asked for, and whose cells are never kept
    absent: tuple[str, ...]  # headings of optional answers that the sheet doesn't have

    def heading(self, *keys: str) -> str:
        """The sheet's heading of the first of these keys that it has."""
        return next(column.heading for key in keys for column in self.columns if column.expected.key == key)


def expected_columns(programme: Programme, role: str) -> tuple[Expected, ...]:
    """What a sheet for this role may hold, by the programme's rows; see `expected_among`."""
    return expected_among(
        programme.sheet_columns.filter(role=role),
        programme.asks.filter(role=role),
        has_declaration=bool(programme.declaration_wording),
    )


def expected_among(
    sheet_columns: Iterable[SheetColumn], asks: Iterable[Ask], *, has_declaration: bool
) -> tuple[Expected, ...]:
    """What a sheet may hold by these rows of one role, stored or not.

    A declaration counts only where the programme has a wording for it (BM-2). Unreadable if the programme doesn't say
    where names and addresses stand.
    """
    columns = [Expected(c.meaning, c.column, False, True) for c in sheet_columns]
    meanings = {column.key for column in columns}
    if Meaning.EMAIL not in meanings or not meanings & {Meaning.NAME, Meaning.FIRST_NAME, Meaning.LAST_NAME}:
        raise Unreadable(
            "The programme doesn't say yet which columns of this sheet hold the name and the address:"
            " please fill in its sheet columns first."
        )
    columns += [
        Expected(ask.fact, ask.column, True, ask.is_required)
        for ask in asks
        if ask.column and (has_declaration or FACTS[ask.fact].kind is not Kind.DECLARATION)
    ]
    return tuple(columns)


def layout_of(table: Table, expected: Sequence[Expected]) -> Layout:
    """Where the expected columns stand in a table. Unreadable with the names of all that are missing."""
    places = {folded(heading): place for place, heading in enumerate(table.headings) if heading}
    missing = [column.heading for column in expected if folded(column.heading) not in places]
    needed = [
        f"“{column.heading}”" for column in expected if column.is_required and column.heading in missing
    ]
    if needed:
        raise Unreadable(f"The file lacks columns that are needed: {', '.join(needed)}.")
    columns = tuple(
        Column(column, place := places[folded(column.heading)], table.headings[place])
        for column in expected
        if column.heading not in missing
    )
    return Layout(columns, _left_out(table, {column.place for column in columns}), tuple(missing))


def _left_out(table: Table, asked: set[int]) -> tuple[str, ...]:
    """Names of the other columns; one without a heading counts only if some cell of it is filled."""
    names = []
    for place, heading in enumerate(table.headings):
        if place in asked:
            continue
        if heading:
            names.append(heading if heading.isprintable() else quoted(heading))
        elif any(row.cells[place].strip() for row in table.rows if row.cells):
            names.append(f"column {place + 1}, which has no heading")
    return tuple(names)
