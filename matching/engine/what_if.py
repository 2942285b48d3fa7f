"""What a change would bring about, found by solving again: a place more, a rule less, a pair that is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Ints, InvalidProblem, index_pairs
from .circle_problem import CircleProblem
from .circle_solution import CircleSolution
from .circles import OutOfTime, solve_circles
from .one_to_one import solve
from .problem import Problem
from .solution import Pathway, Solution

AnyProblem: TypeAlias = Problem | CircleProblem
AnySolution: TypeAlias = Solution | CircleSolution
NOT_SOLVED = "The time limit passed before the best choice was found, so what a change does isn't known."


class Deadline:
    """Seconds that several solves share."""

    def __init__(self, seconds: float) -> None:
        self._ends = perf_counter() + seconds

    @property
    def left(self) -> float:
        return max(self._ends - perf_counter(), 0.0)


class Spot(NamedTuple):
    """Where somebody is placed: with a mentor, or in a circle that this mentor leads."""

    pathway: Pathway
    mentor: int


class Move(NamedTuple):
    """Somebody who is placed before and after a change, but elsewhere."""

    mentee: int
    before: Spot
    after: Spot


@dataclass(frozen=True)
class Effect:
    """What a change makes of a result: how many more (or fewer) are placed, how much the total rises (or
    falls), who is placed now, who no longer is, and who moves. Mentees in the order of their keys. Where
    several results are equally good the lot decides anew, so somebody may move for no gain."""

    placed: int
    total: int
    placed_now: tuple[int, ...]
    left_now: tuple[int, ...]
    moved: tuple[Move, ...]


@dataclass(frozen=True)
class Change:
    """A change to a problem (see `what_if`)."""

    places: Mapping[int, int]
    circles: Mapping[int, int]
    allowed: ArrayLike = ()
    locked: ArrayLike = ()
    locked_members: ArrayLike = ()

    def to(self, problem: AnyProblem) -> AnyProblem:
        n, m = problem.mentees, problem.mentors
        allowed = index_pairs(self.allowed, "The allowed pairs", n, m)
        locked = index_pairs(self.locked, "The locked pairs", n, m)
        members = index_pairs(self.locked_members, "The locked members", n, m)
        settled = np.concatenate([locked[:, 0], members[:, 0]])
        changes: dict[str, Any] = {
            "capacity": _added(problem.capacity, self.places),
            "forbidden": _without(problem.forbidden, allowed, m),
            "locked": _relocked(problem.locked, locked, settled),
        }
        if isinstance(problem, Problem):
            if self.circles or len(members):
                raise InvalidProblem("There are no circles in a one-to-one problem.")
            return replace(problem, **changes)
        changes |= {
            "circles": _added(problem.circles, self.circles),
            "forbidden_in_circles": _without(problem.forbidden_in_circles, allowed, m),
            "locked_members": _relocked(problem.locked_members, members, settled),
        }
        return replace(problem, **changes)


def what_if(
    problem: AnyProblem,
    solution: AnySolution,
    *,
    places: Mapping[int, int] | None = None,
    circles: Mapping[int, int] | None = None,
    allowed: ArrayLike = (),
    locked: ArrayLike = (),
    locked_members: ArrayLike = (),
    objective: str | None = None,
    seed: int | None = None,
    time_limit: float = 60.0,
) -> Effect:
    """What would change in `solution`, a result of `problem`, by solving again.

    `places` are places more (or fewer) by mentor, `circles` the same for circles to facilitate, `allowed`
    (mentee, mentor) pairs that rules no longer forbid in either pathway, `locked` and `locked_members` pairs
    that are set; a lock that such a mentee had before is lifted. Objective and seed are those of the
    solution unless given. Raises InvalidProblem where the change contradicts the problem, and OutOfTime where
    either result isn't proved best: then the difference wouldn't be owed to the change.
    """
    change = Change(places or {}, circles or {}, allowed, locked, locked_members)
    changed = change.to(problem)
    again = solve_again(changed, solution, objective=objective, seed=seed, time_limit=time_limit)
    return effect_of(problem, solution, again)


def solve_again(
    problem: AnyProblem,
    solution: AnySolution,
    *,
    objective: str | None = None,
    seed: int | None = None,
    time_limit: float = 60.0,
) -> AnySolution:
    """The best result for a problem, chosen as `solution` was, to be compared with it. Raises OutOfTime where
    one of the two isn't proved best, or (with circles) `time_limit` seconds aren't enough."""
    if not solution.optimal or time_limit <= 0:
        raise OutOfTime(NOT_SOLVED)
    goal, lot = objective or solution.objective, solution.seed if seed is None else seed
    again: AnySolution
    if isinstance(problem, Problem):
        again = solve(problem, objective=goal, seed=lot)
    else:
        only = solution.pathway if isinstance(solution, CircleSolution) else None
        again = solve_circles(
            problem, pathway=only, objective=goal, seed=lot, time_limit=time_limit, certify=False
        )
    if not again.optimal:
        raise OutOfTime(NOT_SOLVED)
    return again


def effect_of(problem: AnyProblem, before: AnySolution, after: AnySolution) -> Effect:
    """The difference between two results for the mentees of a problem."""
    was, now = spots(before), spots(after)
    everybody = np.argsort(problem.mentee_keys, kind="stable").tolist()
    return Effect(
        placed=after.placed - before.placed,
        total=after.total - before.total,
        placed_now=tuple(i for i in everybody if i in now and i not in was),
        left_now=tuple(i for i in everybody if i in was and i not in now),
        moved=tuple(Move(i, was[i], now[i]) for i in everybody if i in was and i in now and was[i] != now[i]),
    )


def spots(solution: AnySolution) -> dict[int, Spot]:
    """Where everybody is who is placed."""
    found = {mentee: Spot(Pathway.ONE_TO_ONE, mentor) for mentee, mentor in solution.pairs.tolist()}
    if isinstance(solution, CircleSolution):
        for circle in solution.circles:
            spot = Spot(Pathway.CIRCLE, circle.facilitators[0])
            found |= dict.fromkeys(circle.members, spot)
    return found


def _added(counts: Ints, more: Mapping[int, int]) -> Ints:
    changed = counts.copy()
    for mentor, count in more.items():
        if not 0 <= mentor < len(changed):
            raise InvalidProblem("A place is added for somebody who isn't in the problem.")
        changed[mentor] += count
    return changed


def _without(pairs: Ints, allowed: Ints, mentors: int) -> Ints:
    kept: Ints = pairs[~np.isin(pairs @ (mentors, 1), allowed @ (mentors, 1))]
    return kept


def _relocked(pairs: Ints, new: Ints, settled: Ints) -> Ints:
    return np.concatenate([pairs[~np.isin(pairs[:, 0], settled)], new])
