"""The best choice of pairs: most people placed, then the largest total fit or the fairest (EI-M, BM-8)."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from .arrays import Floats, Ints, sealed
from .assignment import Assignment, assign
from .certificate import prove
from .lots import settle
from .market import Market
from .problem import Problem
from .solution import Objective, Progress, Report, Solution, check_choices, chosen_objective


@dataclass(frozen=True, eq=False)
class _Choice:
    """What one objective chose: a mentor per free mentee, and all that proves it."""

    mentor_of: Ints
    prices: Ints
    floor: int | None
    cover: Ints | None
    drawn: Ints


class _Clock:
    """Counts rounds and tells whoever wants to know."""

    def __init__(self, report: Report | None) -> None:
        self.started = perf_counter()
        self.rounds = 0
        self._report = report

    @property
    def seconds(self) -> float:
        return perf_counter() - self.started

    def tell(self, step: str, found: Assignment) -> Assignment:
        self.rounds += found.rounds
        if self._report is not None:
            placed = int((found.mentor_of >= 0).sum())
            self._report(Progress(step, self.rounds, placed, self.seconds))
        return found


def solve(
    problem: Problem,
    *,
    objective: str = Objective.TOTAL,
    compare: bool = False,
    seed: int = 0,
    gap: float = 0.0,
    progress: Report | None = None,
) -> Solution:
    """The choice that places most people, and among those the best by the objective.

    "total" asks for the largest sum of the fits. "fairest" asks that the smallest fit among the pairs
    that aren't locked is as large as can be, and then for the largest sum. Equally good choices are told
    apart by lot from `seed`. A run may stop once its total is within the share `gap` of the bound.
    With `compare`, `comparison` holds what the other objective would have given. `progress` is told of
    every round. Raises InvalidProblem for an unknown objective, a negative seed or an impossible gap.
    """
    goal = chosen_objective(objective)
    check_choices(seed, gap)
    clock = _Clock(progress)
    market = Market.of(problem)
    worth = market.worth()
    choices = {Objective.TOTAL: _largest_total(market, worth, seed, clock)}
    if compare or goal is Objective.FAIREST:
        choices[Objective.FAIREST] = _fairest(market, worth, choices[Objective.TOTAL], seed, clock)
    comparison = _solution(market, choices[goal.other], goal.other, seed, clock) if compare else None
    return _solution(market, choices[goal], goal, seed, clock, comparison)


def _largest_total(market: Market, worth: Floats, seed: int, clock: _Clock) -> _Choice:
    found = clock.tell("total", assign(worth, market.capacity))
    keys = market.problem.mentee_keys[market.mentees], market.problem.mentor_keys
    mentor_of, drawn = settle(worth, market.capacity, found, seed, *keys)
    return _Choice(mentor_of, found.prices, None, None, market.mentees[drawn])


def _fairest(market: Market, worth: Floats, total: _Choice, seed: int, clock: _Clock) -> _Choice:
    """The largest total above the highest floor at which as many people can still be placed."""
    placed = np.flatnonzero(total.mentor_of >= 0)
    if not len(placed):
        return total
    most = clock.tell("most placed", assign(np.minimum(worth, 1), market.capacity))
    reached = int(worth[placed, total.mentor_of[placed]].min())
    reached, above = _highest_floor(market, worth, len(placed), reached, clock)
    raised = np.where(worth < reached, 0, worth)
    choice = _largest_total(market, raised, seed, clock)
    floor = reached - market.bonus
    return _Choice(choice.mentor_of, choice.prices, floor, np.stack([most.prices, above]), choice.drawn)


def _highest_floor(
    market: Market, worth: Floats, placed: int, reached: int, clock: _Clock
) -> tuple[int, Ints]:
    """The highest worth that all of `placed` people can have, and the prices of the next higher one.

    `reached` is known to be possible.
    """
    beyond = int(worth.max()) + 1
    above = np.zeros(market.problem.mentors, dtype=np.int64)
    while beyond - reached > 1:
        middle = (reached + beyond) // 2
        found = clock.tell("fairest", assign((worth >= middle).astype(np.float64), market.capacity))
        kept = np.flatnonzero(found.mentor_of >= 0)
        if len(kept) == placed:
            reached = int(worth[kept, found.mentor_of[kept]].min())
        else:
            beyond, above = middle, found.prices
    return reached, above


def _solution(
    market: Market,
    choice: _Choice,
    objective: Objective,
    seed: int,
    clock: _Clock,
    comparison: Solution | None = None,
) -> Solution:
    pairs = market.pairs(choice.mentor_of)
    proof = prove(market.problem, pairs, choice.prices, floor=choice.floor, cover=choice.cover)
    return Solution(
        objective=objective,
        seed=seed,
        pairs=sealed(pairs),
        placed=proof.placed,
        total=proof.total,
        smallest=proof.smallest,
        upper_bound=proof.upper_bound,
        optimal=proof.optimal,
        prices=sealed(choice.prices),
        bonus=market.bonus,
        floor=choice.floor,
        cover=choice.cover,
        drawn=sealed(choice.drawn),
        rounds=clock.rounds,
        seconds=clock.seconds,
        comparison=comparison,
    )
