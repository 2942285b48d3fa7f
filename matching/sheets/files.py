"""A result as two CSV files that a spreadsheet program opens as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from matching.queries import band
from matching.sheets.choosing import Matching, Placed
from matching.sheets.entrants import LeftOut
from mentorship.lib.cells import harmless
from programmes.models import Pathway

_PAIRS = (
    "Mentee",
    "Mentee's address",
    "Mentor",
    "Mentor's address",
    "Pathway",
    "Fit (of 10000)",
    "In a word",
    "Reasons",
)
_LEFT_OUT = ("Role", "Name", "Address", "Line in the sheet", "Why")


def pairs(matching: Matching) -> bytes:
    """A row per mentee who is placed, pairs before circles; facilitators who share a circle share a cell."""
    return _as_csv(_PAIRS, (_pair(placed) for placed in matching.placed))


def left_out(matching: Matching) -> bytes:
    """A row per person or row of either sheet that has no partner."""
    return _as_csv(_LEFT_OUT, (_without(one) for one in matching.left_out))


def _pair(placed: Placed) -> list[str]:
    return [
        placed.mentee.name,
        placed.mentee.email,
        "; ".join(mentor.name for mentor in placed.mentors),
        "; ".join(mentor.email for mentor in placed.mentors),
        f"Circle {placed.circle}" if placed.circle else Pathway.Kind.ONE_TO_ONE.label,
        str(placed.fit),
        band(placed.fit),
        " ".join(placed.reasons),
    ]


def _without(one: LeftOut) -> list[str]:
    return [one.role.label, one.row.name, one.row.email, str(one.row.line), one.why]


def _as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
