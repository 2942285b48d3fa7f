"""Words for what a change would do to everybody: who goes elsewhere, who loses a place, and the total (EI-M).

Whoever takes part is told of no effect at all: what is left out for one mentor, and for no other, would name them.
"""

from __future__ import annotations

from collections.abc import Iterator

from matching import engine
from matching.engine import Effect, Move, Pathway
from matching.situation import Situation

FOR_A_COLLEAGUE = "What it does to others is for a colleague to see, since you take part yourself."
NAMED = 4
"""People who are named in one effect; more are counted."""


def of_effect(situation: Situation, effect: Effect, *, mentee: int) -> str:
    """What a change does beside placing this mentee (by position), as one sentence."""
    if situation.takes_part:
        return FOR_A_COLLEAGUE
    told = [*_told(situation, effect, mentee)]
    clauses = told[:NAMED]
    if more := len(told) - len(clauses):
        clauses.append(f"{more} more {'person changes' if more == 1 else 'people change'}")
    if not clauses:
        clauses.append("nobody else changes")
    if effect.total and not effect.placed:
        clauses.append(f"total fit {abs(effect.total):,} {'higher' if effect.total > 0 else 'lower'}")
    said = "; ".join(clauses)
    return f"{said[0].upper()}{said[1:]}."


def _told(situation: Situation, effect: Effect, mentee: int) -> Iterator[str]:
    """One clause per person, those who lose most first."""
    lost = "a mentor" if isinstance(situation.problem, engine.Problem) else "a place"
    for left in effect.left_now:
        if left != mentee:
            yield f"{situation.mentee(left)} would be left without {lost}"
    for move in effect.moved:
        if move.mentee != mentee:
            yield _moved(situation, move)
    for placed in effect.placed_now:
        if placed != mentee:
            yield f"{situation.mentee(placed)} would get {lost}"


def _moved(situation: Situation, move: Move) -> str:
    name, there = situation.mentee(move.mentee), situation.mentor(move.after.mentor)
    is_circle = move.after.pathway is Pathway.CIRCLE
    return f"{name} joins {there}’s circle instead" if is_circle else f"{name} goes to {there} instead"
