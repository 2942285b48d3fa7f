"""Words for what a change would do to everybody: who goes elsewhere, who loses a place, and the total (EI-M).

Whoever reads is told nothing of a match of their own, only that something else changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from matching import engine
from matching.engine import Effect, Move, Pathway
from matching.situation import Situation

NAMED = 4
"""People who are named in one effect; more are counted."""


def of_effect(situation: Situation, effect: Effect, *, mentee: int) -> str:
    """What a change does beside placing this mentee (by position), as one sentence."""
    told = [*_told(situation, effect, mentee)]
    shown = [clause for clause in told if clause]
    hidden = len(told) - len(shown)
    clauses = shown[:NAMED]
    if more := len(shown) - len(clauses):
        clauses.append(f"{more} more {'person changes' if more == 1 else 'people change'}")
    if hidden:
        clauses.append("something else changes, which is for a colleague to see")
    if not clauses:
        clauses.append("nobody else changes")
    if effect.total and not effect.placed:
        clauses.append(f"total fit {abs(effect.total):,} {'higher' if effect.total > 0 else 'lower'}")
    said = "; ".join(clauses)
    return f"{said[0].upper()}{said[1:]}."


def _told(situation: Situation, effect: Effect, mentee: int) -> Iterator[str]:
    """One clause per person, those who lose most first; an empty one where it is for a colleague to see."""
    lost = "a mentor" if isinstance(situation.problem, engine.Problem) else "a place"
    for left in effect.left_now:
        if left != mentee:
            yield _unless_own(situation, left, f"{situation.mentee(left)} would be left without {lost}")
    for move in effect.moved:
        if move.mentee != mentee:
            yield _moved(situation, move)
    for placed in effect.placed_now:
        if placed != mentee:
            yield _unless_own(situation, placed, f"{situation.mentee(placed)} would get {lost}")


def _unless_own(situation: Situation, mentee: int, clause: str) -> str:
    return "" if situation.is_own(mentee=mentee) else clause


def _moved(situation: Situation, move: Move) -> str:
    before, after = move.before.mentor, move.after.mentor
    if any(situation.is_own(mentor=mentor) for mentor in (before, after)):
        return ""
    name, there = situation.mentee(move.mentee), situation.mentor(after)
    is_circle = move.after.pathway is Pathway.CIRCLE
    return _unless_own(
        situation,
        move.mentee,
        f"{name} joins {there}’s circle instead" if is_circle else f"{name} goes to {there} instead",
    )
