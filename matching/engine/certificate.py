"""Proving a result without solving again, from the problem, the pairs and the mentors' prices alone.

Whatever the prices are, as long as none is negative: no choice is worth more than the sum of each mentee's
best worth after the price plus the price of all places. Where the pairs reach that bound they are the best.
Tampered prices can only give a weaker bound, never a false one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Ints, InvalidProblem, counts, index_pairs
from .market import Market
from .problem import Problem, check_locked, shared_rows

BLOCK = 4_000_000
"""Pairs looked at together."""


@dataclass(frozen=True)
class Proof:
    """What the pairs amount to and how much is proved about them (fields as in `Solution`)."""

    placed: int
    total: int
    smallest: int | None
    upper_bound: int
    optimal: bool


def prove(
    problem: Problem,
    pairs: ArrayLike,
    prices: ArrayLike,
    *,
    floor: int | None = None,
    cover: ArrayLike | None = None,
) -> Proof:
    """Check that `pairs` keep every rule, and find out from the prices how good they are.

    With `floor` the claim is that the choice is the fairest: among the choices with no fit below the floor
    `prices` prove the total. The two rows of `cover` are prices where every allowed pair is worth 1: the
    first proves that nobody more can be placed, the second that with every fit above the floor fewer could.
    Raises InvalidProblem if the pairs break a rule.
    """
    market = Market.of(problem)
    chosen = checked_pairs(problem, pairs)
    fits = problem.fit(chosen)
    total, smallest = int(fits.sum()), int(fits.min()) if len(fits) else None
    placed = len(chosen) - len(problem.locked)
    bound = worth_bound(market, _checked_prices(problem, prices), floor)
    upper = bound - market.bonus * placed + int(problem.fit(problem.locked).sum())
    fairest = floor is None or (cover is not None and _floor_proved(market, placed, floor, cover))
    return Proof(len(chosen), total, smallest, upper, upper == total and fairest)


def worth_bound(market: Market, prices: Ints, floor: int | None = None, *, unit: bool = False) -> int:
    """No choice of pairs is worth more in all; with `unit`, no more pairs than this can be chosen."""
    n, m = len(market.mentees), len(prices)
    seats: list[int] = np.minimum(market.capacity, n).tolist()
    bound: int = sum(seat * price for seat, price in zip(seats, prices.tolist(), strict=True))
    if not m:
        return bound
    step = max(1, BLOCK // m)
    for start in range(0, n, step):
        worth = market.worth(start, min(start + step, n), floor)
        if unit:
            np.minimum(worth, 1, out=worth)
        worth -= prices
        bound += sum(np.maximum(worth.max(axis=1), 0).astype(np.int64).tolist())
    return bound


def _floor_proved(market: Market, placed: int, floor: int, cover: ArrayLike) -> bool:
    most, above = (_checked_prices(market.problem, row) for row in np.asarray(cover))
    return (
        worth_bound(market, most, unit=True) == placed
        and worth_bound(market, above, floor + 1, unit=True) < placed
    )


def checked_pairs(problem: Problem, pairs: ArrayLike) -> Ints:
    chosen = index_pairs(pairs, "The pairs", problem.mentees, problem.mentors)
    check_locked(chosen, problem.forbidden, problem.capacity)
    if len(shared_rows(chosen, problem.locked)) != len(problem.locked):
        raise InvalidProblem("A locked pair is missing from the result.")
    return chosen


def _checked_prices(problem: Problem, prices: ArrayLike) -> Ints:
    return counts(prices, "The prices", problem.mentors)
