"""Whether pairs and circles keep every rule of their problem: each broken one is refused with a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Ints, InvalidProblem, index_pairs
from .circle_problem import CircleProblem
from .circle_solution import Circle
from .problem import shared_rows
from .solution import Pathway


def checked_choice(
    problem: CircleProblem, pairs: ArrayLike, circles: Sequence[Circle], pathway: Pathway | None
) -> tuple[Ints, Ints]:
    """The pairs, and (member, first facilitator) of the circles, each in order, if all of them may be."""
    n, m = problem.mentees, problem.mentors
    for circle in circles:
        _check_circle(problem, circle)
    given = [(member, circle.facilitators[0]) for circle in circles for member in circle.members]
    chosen, members = index_pairs(pairs, "The pairs", n, m), index_pairs(given, "The members", n, m)
    placed = [*chosen[:, 0].tolist(), *(member for member, _ in given)]
    if len(set(placed)) != len(placed):
        raise InvalidProblem("A mentee is placed more than once.")
    _check_pairs(problem, chosen, pathway)
    _check_members(problem, members, circles, pathway)
    _check_load(problem, circles)
    return chosen, members


def _check_pairs(problem: CircleProblem, chosen: Ints, pathway: Pathway | None) -> None:
    if len(shared_rows(chosen, problem.locked)) != len(problem.locked):
        raise InvalidProblem("A locked pair is missing from the result.")
    if len(shared_rows(chosen, problem.forbidden)):
        raise InvalidProblem("A pair of the result is forbidden.")
    if (np.bincount(chosen[:, 1], minlength=problem.mentors) > problem.capacity).any():
        raise InvalidProblem("A mentor has more mentees than places.")
    new = np.setdiff1d(chosen[:, 0], problem.locked[:, 0])
    if len(new) and (pathway is Pathway.CIRCLE or not problem.one_to_one[new].all()):
        raise InvalidProblem("A mentee is in a pair who wasn't to be placed one-to-one.")


def _check_members(
    problem: CircleProblem, members: Ints, circles: Sequence[Circle], pathway: Pathway | None
) -> None:
    if len(shared_rows(members, problem.locked_members)) != len(problem.locked_members):
        raise InvalidProblem("A locked member is missing from the circles.")
    met = [(member, lead) for circle in circles for member in circle.members for lead in circle.facilitators]
    together = index_pairs(met, "The members", problem.mentees, problem.mentors)
    if len(shared_rows(together, problem.forbidden_in_circles)):
        raise InvalidProblem("A member is forbidden to be with a facilitator of their circle.")
    new = np.setdiff1d(members[:, 0], problem.locked_members[:, 0])
    if len(new) and (pathway is Pathway.ONE_TO_ONE or not problem.in_circle[new].all()):
        raise InvalidProblem("A mentee is in a circle who wasn't to be placed in one.")


def _check_circle(problem: CircleProblem, circle: Circle) -> None:
    """Sizes and facilitators of one circle, and for one that meets already who leads it."""
    met, leads = 0, set(circle.facilitators)
    if circle.running is None:
        fewest, most = problem.facilitators
        if not fewest <= len(circle.facilitators) <= most or len(leads) != len(circle.facilitators):
            raise InvalidProblem("A circle has too few or too many facilitators.")
    else:
        if not 0 <= circle.running < len(problem.running):
            raise InvalidProblem("A circle of the result doesn't meet yet, though it's said to.")
        known = problem.running[circle.running]
        met = known.members
        if circle.facilitators != known.facilitators:
            raise InvalidProblem("A circle that meets already is given other facilitators.")
    smallest, largest = problem.sizes
    if not circle.members or not smallest <= met + len(circle.members) <= largest:
        raise InvalidProblem("A circle is below its smallest size or above its largest.")


def _check_load(problem: CircleProblem, circles: Sequence[Circle]) -> None:
    """Nobody leads more new circles than offered, and no circle that meets already is given twice."""
    again = [circle.running for circle in circles if circle.running is not None]
    if len(set(again)) != len(again):
        raise InvalidProblem("A circle that meets already stands in the result twice.")
    load = Counter(lead for circle in circles if circle.running is None for lead in circle.facilitators)
    if any(not 0 <= lead < problem.mentors or count > problem.circles[lead] for lead, count in load.items()):
        raise InvalidProblem("Somebody leads more circles than they offered.")
