"""One mentee's view of a pathway: who offers something in it, who is ruled out, and who fits best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Flags, Ints
from .circle_problem import CircleProblem
from .circle_solution import CircleSolution
from .problem import Problem
from .solution import Pathway, Solution


@dataclass(frozen=True, eq=False)
class Outlook:
    """Per mentor: the fit with this mentee, whether a rule forbids the two, and whether the mentor has
    places (facilitates circles) in this pathway at all; `order` is by fit, the best first, then by key."""

    pathway: Pathway
    fits: Ints
    barred: Flags
    offers: Flags
    order: tuple[int, ...]


def outlooks(
    problem: Problem | CircleProblem, solution: Solution | CircleSolution, mentee: int
) -> tuple[Outlook, ...]:
    """The view of each pathway that the run covered and the mentee would take."""
    pairs = problem.wants[mentee] @ problem.offers.T
    one_to_one = _outlook(problem, Pathway.ONE_TO_ONE, pairs, problem.forbidden, problem.capacity > 0, mentee)
    if not isinstance(problem, CircleProblem):
        return (one_to_one,)
    fits = problem.circle_wants[mentee] @ problem.circle_offers.T
    leads = problem.circles > 0
    leads[[circle.facilitators[0] for circle in problem.running]] = True
    circle = _outlook(problem, Pathway.CIRCLE, fits, problem.forbidden_in_circles, leads, mentee)
    only = solution.pathway if isinstance(solution, CircleSolution) else None
    wanted = {Pathway.ONE_TO_ONE: problem.one_to_one[mentee], Pathway.CIRCLE: problem.in_circle[mentee]}
    return tuple(
        each for each in (one_to_one, circle) if wanted[each.pathway] and only in {None, each.pathway}
    )


def _outlook(
    problem: Problem | CircleProblem,
    pathway: Pathway,
    fits: Ints,
    forbidden: Ints,
    offers: Flags,
    mentee: int,
) -> Outlook:
    barred = barred_for(forbidden, mentee, problem.mentors)
    order = np.lexsort([problem.mentor_keys, -fits]).tolist()
    return Outlook(pathway, fits, barred, offers, tuple(order))


def barred_for(forbidden: Ints, mentee: int, mentors: int) -> Flags:
    """Per mentor whether the pair with this mentee is among the forbidden ones, which stand in order."""
    first, last = np.searchsorted(forbidden[:, 0], [mentee, mentee + 1])
    barred = np.zeros(mentors, dtype=np.bool_)
    barred[forbidden[first:last, 1]] = True
    return barred
