"""The best choice of pairs: most people placed, then the largest total fit or the fairest (EI-M, BM-8).

Small problems are solved as a table (see `assignment`), large ones without it (see `pricing`); both give the
same optimum and, as far as ties can be told apart by lot, the same pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from .arcs import Arcs
from .arrays import Flags, Ints, exact_sum, sealed
from .assignment import assign
from .certificate import checked_pairs, proof_of
from .fairness import highest_floor, most_cover
from .lots import Optimum, draw, settle
from .market import Market
from .pricing import FEW, ROUNDS, Pricing, price
from .problem import Problem
from .solution import Objective, Progress, Report, Solution, check_choices, chosen_objective


@dataclass(frozen=True)
class Method:
    """Up to how many pairs a problem is solved as a table, up to how many all pairs are listed above that, in how
    many rounds at most, up to how many pairs a table is the last resort after those, and the solver for
    listed pairs ("paths" or "network", None for what suits)."""

    table: int = 500_000
    few: int = FEW
    rounds: int = ROUNDS
    last_table: int = 30_000_000
    solver: str | None = None


@dataclass(frozen=True, eq=False)
class _Choice:
    """What one objective chose: a mentor per mentee of the market, and all that proves it."""

    mentor_of: Ints
    prices: Ints
    gains: Ints
    bound: int
    drawn: Flags
    arcs: Arcs
    floor: int | None = None
    cover: Ints | None = None
    is_fairest: bool = True


class _Clock:
    """Counts rounds and tells whoever wants to know, also that work goes on within a round."""

    def __init__(self, report: Report | None) -> None:
        self.started = perf_counter()
        self.rounds = 0
        self._placed = 0
        self._step = ""
        self._report = report

    @property
    def seconds(self) -> float:
        return perf_counter() - self.started

    def begin(self, step: str) -> None:
        self._step = step

    def tell(self, placed: int) -> None:
        self.rounds += 1
        self._placed = placed
        self.beat()

    def beat(self) -> None:
        if self._report is not None:
            self._report(Progress(self._step, self.rounds, self._placed, self.seconds))


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
    every round and of work within it. Raises InvalidProblem for an unknown objective, a negative seed or an
    impossible gap.
    """
    return solve_by(
        Method(), problem, objective=objective, compare=compare, seed=seed, gap=gap, progress=progress
    )


def solve_by(
    method: Method,
    problem: Problem,
    *,
    objective: str = Objective.TOTAL,
    compare: bool = False,
    seed: int = 0,
    gap: float = 0.0,
    progress: Report | None = None,
) -> Solution:
    """As `solve`, by a method that suits problems of other sizes."""
    goal = chosen_objective(objective)
    check_choices(seed, gap)
    run = _Run(problem, method, seed, gap, _Clock(progress))
    total = run.total()
    choices = {Objective.TOTAL: total}
    if compare or goal is Objective.FAIREST:
        choices[Objective.FAIREST] = run.fairest(total)
    comparison = run.solution(choices[goal.other], goal.other) if compare else None
    return run.solution(choices[goal], goal, comparison)


class _Run:
    """One problem with what was asked of it."""

    def __init__(self, problem: Problem, method: Method, seed: int, gap: float, clock: _Clock) -> None:
        self._market = Market.of(problem, seed)
        self._method = method
        self._seed = seed
        self._gap = gap
        self._clock = clock
        self._keys = problem.mentee_keys[self._market.mentees], problem.mentor_keys[self._market.mentors]

    def total(self) -> _Choice:
        self._clock.begin("total")
        return self._best(self._market)

    def fairest(self, total: _Choice) -> _Choice:
        """The largest total above the highest floor at which as many people can still be placed."""
        placed = int((total.mentor_of >= 0).sum())
        if not placed:
            return total
        self._clock.begin("fairest")
        market, clock = self._market, self._clock
        highest = highest_floor(market, total.arcs, placed, clock.tell, clock.beat)
        most, count = most_cover(total.prices, total.gains, market.seats, market.bonus + market.lowest)
        choice = self._best(market.above(highest.fit))
        cover = np.stack([most, highest.above])
        return replace(choice, floor=highest.fit, cover=cover, is_fairest=count == placed)

    def _best(self, market: Market) -> _Choice:
        rows, columns = market.shape
        return self._by_table(market) if rows * columns <= self._method.table else self._by_pricing(market)

    def _by_table(self, market: Market) -> _Choice:
        worth = market.worth()
        found = assign(worth, market.capacity)
        self._clock.tell(int((found.mentor_of >= 0).sum()))
        mentor_of, drawn = settle(worth, market.capacity, found, self._seed, *self._keys)
        gains = np.maximum((worth - found.prices).max(axis=1, initial=0), 0).astype(np.int64)
        bound = market.price_of_seats(found.prices) + exact_sum(gains)
        arcs = Arcs.of_table(worth)
        return _Choice(mentor_of, found.prices, gains, bound, drawn, arcs)

    def _by_pricing(self, market: Market) -> _Choice:
        given = int(market.problem.fit(market.problem.locked).sum())
        clock, method = self._clock, self._method
        pricing = Pricing(self._gap, given, clock.tell, clock.beat, method.few, method.rounds, method.solver)
        best = price(market, pricing)
        if best.is_open and market.shape[0] * market.shape[1] <= method.last_table:
            return self._by_table(market)
        mentor_of, drawn = best.mentor_of, np.ones(len(best.gains), dtype=np.bool_)
        if best.tight is not None:
            optimum = Optimum(best.tight, best.mentor_of, best.prices, best.gains, market.capacity)
            mentor_of, drawn = draw(optimum, self._seed, *self._keys)
        return _Choice(mentor_of, best.prices, best.gains, best.bound, drawn, best.arcs)

    def solution(self, choice: _Choice, objective: Objective, comparison: Solution | None = None) -> Solution:
        market = self._market
        pairs = checked_pairs(market.problem, market.pairs(choice.mentor_of))
        proof = proof_of(market, pairs, choice.bound, is_fairest=choice.is_fairest)
        cover = choice.cover
        return Solution(
            objective=objective,
            seed=self._seed,
            pairs=sealed(pairs),
            placed=proof.placed,
            total=proof.total,
            smallest=proof.smallest,
            upper_bound=proof.upper_bound,
            optimal=proof.optimal,
            prices=sealed(market.by_mentor(choice.prices)),
            bonus=market.bonus,
            floor=choice.floor,
            cover=None if cover is None else np.stack([market.by_mentor(row) for row in cover]),
            drawn=sealed(np.sort(market.mentees[choice.drawn])),
            rounds=self._clock.rounds,
            seconds=self._clock.seconds,
            comparison=comparison,
        )
