"""When a table of figures may join those that are out already, and what it then says (EI-7).

Two tables whose people differ by one tell, set against each other, what that one answered. So a table comes out only if
at least ten answers are behind it, and if these are, beside every earlier table of the cohort, whatever its month and
stage, either the very same or different by ten at least on one side: ten who weren't there, or ten who are gone.

It compares tables two by two. What several together tell, three or more added and subtracted, rounding alone blurs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from equality.questions import QUESTIONS, choices_of
from mentorship.lib import rounding

FEWEST = 10
Rows = frozenset[UUID]
Cells = dict[tuple[str, str], int | None]


def are_apart(one: Rows, other: Rows) -> bool:
    """Whether the difference of two tables is nobody's, or that of ten people or more.

    Each side by itself: who changed an answer has gone with one row and come with another, and is still one person.
    """
    return one == other or max(len(one - other), len(other - one)) >= FEWEST


def may_come_out(tables: Sequence[Rows], *, beside: Collection[Rows]) -> bool:
    """Whether these tables may all come out together, beside those that are out."""
    out = list(beside)
    for rows in tables:
        if len(rows) < FEWEST or not all(are_apart(rows, other) for other in out):
            return False
        out.append(rows)
    return True


def cells(answers: Iterable[Mapping[str, str]], *, is_sensitive: bool) -> Cells:
    """The rounded count of each answer to each question, the empty one included."""
    counted = Counter((question, given[question]) for given in answers for question in QUESTIONS)
    return {
        (question, choice): rounding.kept(counted[question, choice], is_sensitive=is_sensitive)
        for question in QUESTIONS
        for choice, _ in choices_of(question)
    }
