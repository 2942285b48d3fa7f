"""What the words for people are made of: the parts of a fit, and what left somebody out.

Codes and numbers only; the sentences are made above, where there is somebody to read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .arrays import Flags, Ints
from .circle_problem import CircleProblem
from .circles import CircleSolution
from .features import Features, Ground, Part
from .hard_rules import Forbidden, HardRule
from .problem import Problem
from .solution import Pathway, Solution

_STRENGTH = {ground: rank for rank, ground in enumerate(Ground)}


@dataclass(frozen=True)
class PartOfFit:
    """What one part gives to a pair: its points out of those it could give, on what ground, and the shared
    options (or course, country, …) that the ground names."""

    part: Part
    points: int
    out_of: int
    ground: Ground
    options: tuple[str, ...]


def explain_pair(features: Features, mentee: int, mentor: int) -> tuple[PartOfFit, ...]:
    """The parts of a pair's fit, those with weight only; their points add up to the fit."""
    given = (features.wants[mentee] * features.offers[mentor]).tolist()
    return tuple(_part(features, part, given, out_of) for part, out_of in features.points.items() if out_of)


def _part(features: Features, part: Part, given: list[int], out_of: int) -> PartOfFit:
    found = [
        (column, value) for column, value in zip(features.columns, given, strict=True) if column.part is part
    ]
    grounds = [column.ground for column, value in found if value]
    ground = min(grounds, key=_STRENGTH.__getitem__, default=Ground.NONE)
    named = (column.option for column, value in found if value and column.ground is ground)
    options = tuple(sorted(option for option in named if option))
    return PartOfFit(part, sum(value for _, value in found), out_of, ground, options)


class Reason(StrEnum):
    """What kept somebody from being placed in a pathway.

    NO_PLACES: nobody offers a place in it. ALL_FORBIDDEN: whoever offers one is ruled out for this person.
    CIRCLE_TOO_SMALL: the places they could have are taken, and a further circle that they could join
    wouldn't reach its smallest size. TAKEN: the places they could have are taken, and giving them one would
    place fewer people or make the result worse. DRAWN: the places they could have are taken, an equally
    good result has one for them, and the lot decided.
    """

    NO_PLACES = "no_places"
    ALL_FORBIDDEN = "all_forbidden"
    CIRCLE_TOO_SMALL = "circle_too_small"
    TAKEN = "taken"
    DRAWN = "drawn"


@dataclass(frozen=True)
class Missed:
    """Why one pathway had no place for somebody, and by which rules, where it's known, all were forbidden."""

    pathway: Pathway
    reason: Reason
    rules: tuple[HardRule, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A mentee without a place, with a reason per pathway that they'd have taken."""

    mentee: int
    missed: tuple[Missed, ...]


def left_out(problem: Problem, solution: Solution, forbidden: Forbidden | None = None) -> tuple[LeftOut, ...]:
    """Everybody who wasn't placed, and the binding reason. `forbidden` names the rules behind the pairs."""
    without = np.setdiff1d(np.arange(problem.mentees), solution.pairs[:, 0])
    barred = _barred(problem)
    drawn = set(solution.drawn.tolist())
    why = _Why(barred, forbidden)
    return tuple(
        LeftOut(mentee, (why.missed(Pathway.ONE_TO_ONE, mentee, problem.capacity > 0, mentee in drawn),))
        for mentee in without.tolist()
    )


def left_out_of_circles(
    problem: CircleProblem, solution: CircleSolution, forbidden: Forbidden | None = None
) -> tuple[LeftOut, ...]:
    """Everybody who wasn't placed although the run covered a pathway that they'd take, with reasons."""
    members = [member for circle in solution.circles for member in circle.members]
    without = np.setdiff1d(np.arange(problem.mentees), [*solution.pairs[:, 0].tolist(), *members])
    drawn = set(solution.drawn.tolist())
    why = _Why(_barred(problem), forbidden)
    leads, unopened = _leads(problem, solution)
    found = []
    for mentee in without.tolist():
        missed = []
        if problem.one_to_one[mentee] and solution.pathway is not Pathway.CIRCLE:
            missed.append(why.missed(Pathway.ONE_TO_ONE, mentee, problem.capacity > 0, mentee in drawn))
        if problem.in_circle[mentee] and solution.pathway is not Pathway.ONE_TO_ONE:
            missed.append(why.missed(Pathway.CIRCLE, mentee, leads, mentee in drawn, unopened))
        if missed:
            found.append(LeftOut(mentee, tuple(missed)))
    return tuple(found)


def _barred(problem: Problem | CircleProblem) -> Flags:
    barred = np.zeros((problem.mentees, problem.mentors), dtype=np.bool_)
    barred[problem.forbidden[:, 0], problem.forbidden[:, 1]] = True
    return barred


def _leads(problem: CircleProblem, solution: CircleSolution) -> tuple[Flags, Flags]:
    """Per mentor: whether they lead a circle that takes people or could, and whether one of those takes
    nobody."""
    could = problem.circles.copy()
    for running in problem.running:
        could[running.facilitators[0]] += running.members < problem.sizes[1]
    taking = np.zeros_like(could)
    for circle in solution.circles:
        taking[circle.facilitators[0]] += 1
    return could > 0, could > taking


class _Why:
    """Finds the binding reason of one mentee from who is ruled out for them."""

    def __init__(self, barred: Flags, forbidden: Forbidden | None) -> None:
        self._barred = barred
        self._rules = {} if forbidden is None else forbidden.rule_of()

    def missed(
        self, pathway: Pathway, mentee: int, offers: Flags, is_drawn: bool, unopened: Flags | None = None
    ) -> Missed:
        """`offers` says which mentors have places at all, `unopened` whose circles take nobody."""
        if not offers.any():
            return Missed(pathway, Reason.NO_PLACES)
        allowed = offers & ~self._barred[mentee]
        if not allowed.any():
            return Missed(pathway, Reason.ALL_FORBIDDEN, self._rules_of(mentee, np.flatnonzero(offers)))
        if unopened is not None and (allowed & unopened).any():
            return Missed(pathway, Reason.CIRCLE_TOO_SMALL)
        return Missed(pathway, Reason.DRAWN if is_drawn else Reason.TAKEN)

    def _rules_of(self, mentee: int, mentors: Ints) -> tuple[HardRule, ...]:
        found = {self._rules.get((mentee, mentor)) for mentor in mentors.tolist()}
        return tuple(rule for rule in HardRule if rule in found)
