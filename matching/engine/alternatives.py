"""Whom a mentee could have instead, and what that would do to everybody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .arrays import InvalidProblem
from .circle_problem import CircleProblem
from .circle_solution import CircleSolution
from .circles import OutOfTime
from .outlook import Outlook, outlooks
from .solution import Pathway
from .what_if import AnyProblem, AnySolution, Deadline, Effect, Spot, spots, what_if

SOLVED_UP_TO = 1_000_000
"""With more pairs than this, alternatives come without their effect: each would be a run of its own."""


@dataclass(frozen=True)
class Alternative:
    """Another place that a mentee could have: with a mentor, or in a circle that this mentor leads.

    `is_free` tells that a place or seat is empty there now; otherwise `takes_from` are those who have one
    and aren't locked (nobody, where the circle doesn't run yet). `effect` is what setting this place changes
    for everybody, by solving again.
    """

    mentor: int
    pathway: Pathway
    fit: int
    is_free: bool
    takes_from: tuple[int, ...]
    effect: Effect | None


def alternatives(
    problem: AnyProblem,
    solution: AnySolution,
    mentee: int,
    *,
    most: int = 10,
    solve_up_to: int = SOLVED_UP_TO,
    time_limit: float = 60.0,
) -> tuple[Alternative, ...]:
    """The allowed places of a mentee other than the present one, the best fit first, `most` of them.

    Places that can't be set because others are locked there, or because a circle wouldn't reach its size,
    are left out. A problem of more than `solve_up_to` pairs isn't solved again, nor is any once `time_limit`
    seconds for all of them together have passed: then `effect` is None, and what can't be set is left out only
    where locked pairs fill a mentor.
    """
    found: list[Alternative] = []
    deadline = Deadline(time_limit)
    is_small = problem.mentees * problem.mentors <= solve_up_to
    now = spots(solution)
    for view, mentor in _candidates(problem, solution, mentee):
        spot = Spot(view.pathway, mentor)
        if len(found) == most:
            break
        if spot == now.get(mentee) or _is_locked_full(problem, spot, mentee):
            continue
        try:
            effect = _effect(problem, solution, mentee, spot, deadline.left) if is_small else None
        except InvalidProblem:
            continue
        there = _others_there(problem, now, spot, mentee)
        is_free = _is_free(problem, solution, spot, now)
        takes = () if is_free else there
        found.append(Alternative(mentor, view.pathway, int(view.fits[mentor]), is_free, takes, effect))
    return tuple(found)


def _candidates(problem: AnyProblem, solution: AnySolution, mentee: int) -> Iterator[tuple[Outlook, int]]:
    """Allowed mentors with places over both pathways, the best fit first."""
    found = [
        (view, mentor)
        for view in outlooks(problem, solution, mentee)
        for mentor in view.order
        if view.offers[mentor] and not view.barred[mentor]
    ]
    keys = problem.mentor_keys
    return iter(sorted(found, key=lambda each: (-each[0].fits[each[1]], keys[each[1]])))


def _is_locked_full(problem: AnyProblem, spot: Spot, mentee: int) -> bool:
    if spot.pathway is Pathway.CIRCLE:
        return False
    others = sum(1 for i, j in problem.locked.tolist() if j == spot.mentor and i != mentee)
    return others >= problem.capacity[spot.mentor]


def _effect(
    problem: AnyProblem, solution: AnySolution, mentee: int, spot: Spot, time_limit: float
) -> Effect | None:
    """What setting this place changes; None if the time is too short for it. Raises InvalidProblem if it can't be
    set."""
    pair, is_pair = [(mentee, spot.mentor)], spot.pathway is Pathway.ONE_TO_ONE
    locked, members = (pair, []) if is_pair else ([], pair)
    try:
        return what_if(problem, solution, locked=locked, locked_members=members, time_limit=time_limit)
    except OutOfTime:
        return None


def _others_there(problem: AnyProblem, now: dict[int, Spot], spot: Spot, mentee: int) -> tuple[int, ...]:
    locked = set(problem.locked[:, 0].tolist())
    if isinstance(problem, CircleProblem):
        locked |= set(problem.locked_members[:, 0].tolist())
    there = [i for i, where in now.items() if where == spot and i not in locked | {mentee}]
    return tuple(sorted(there, key=lambda i: int(problem.mentee_keys[i])))


def _is_free(problem: AnyProblem, solution: AnySolution, spot: Spot, now: dict[int, Spot]) -> bool:
    """Whether a mentor has a place left; for circles, whether one that runs has a seat left."""
    if spot.pathway is Pathway.ONE_TO_ONE:
        return Counter(now.values())[spot] < problem.capacity[spot.mentor]
    if not isinstance(problem, CircleProblem) or not isinstance(solution, CircleSolution):
        return False
    smallest, largest = problem.sizes
    joined = {circle.running: circle for circle in solution.circles if circle.running is not None}
    running = [
        circle.members + (len(joined[number].members) if number in joined else 0)
        for number, circle in enumerate(problem.running)
        if circle.facilitators[0] == spot.mentor
    ]
    new = [
        len(circle.members)
        for circle in solution.circles
        if circle.running is None and circle.facilitators[0] == spot.mentor
    ]
    return any(smallest <= size < largest for size in running) or any(size < largest for size in new)
