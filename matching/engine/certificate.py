"""Proving a result without solving again, from the problem, the pairs and the mentors' prices alone.

Whatever the prices are, as long as none is negative: no choice is worth more than the sum of each mentee's
best worth after the price plus the price of all places. Where the pairs reach that bound they are the best.
Tampered prices can only give a weaker bound, never a false one. Every pair is looked at, but the table of
pairs is never held.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import EXACT, Ints, InvalidProblem, counts, exact_sum, index_pairs
from .market import Market
from .problem import Problem, check_locked, shared_rows
from .tiles import NEVER

WIDTH = 2048
"""Mentors looked at together."""


@dataclass(frozen=True)
class Proof:
    """What the pairs amount to and how much is proved about them (fields as in `Solution`).

    `is_fairest` says that no choice of as many has a higher floor, where one was claimed; without it a floor that
    was claimed bounds the total of nothing but choices above it.
    """

    placed: int
    total: int
    smallest: int | None
    upper_bound: int
    optimal: bool
    is_fairest: bool = True


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
    check_floor(problem.fit(chosen), chosen, problem.locked, floor)
    bid = _checked_prices(problem, prices)
    covers = None if cover is None else [_checked_prices(problem, row) for row in np.asarray(cover)]
    bound = worth_bound(market if floor is None else market.above(floor), bid)
    return proof_of(
        market, chosen, bound, is_fairest=floor is None or _is_floor(market, chosen, floor, covers)
    )


def check_floor(fits: Ints, chosen: Ints, locked: Ints, floor: int | None) -> None:
    """Refuses a floor that a pair of the choice itself, unless it is locked, lies below."""
    if floor is None:
        return
    if isinstance(floor, bool) or not isinstance(floor, int) or abs(floor) > EXACT:
        raise InvalidProblem("The floor must be a whole number.")
    if (fits[~np.isin(chosen[:, 0], locked[:, 0])] < floor).any():
        raise InvalidProblem("A pair lies below the floor that is claimed.")


def proof_of(market: Market, pairs: Ints, bound: int, *, is_fairest: bool) -> Proof:
    """What is proved about valid pairs once no choice is known to be worth more than `bound`."""
    problem = market.problem
    fits = problem.fit(pairs)
    total, smallest = int(fits.sum()), int(fits.min()) if len(fits) else None
    placed = len(pairs) - len(problem.locked)
    upper = bound - market.bonus * placed + int(problem.fit(problem.locked).sum())
    return Proof(len(pairs), total, smallest, upper, upper == total and is_fairest, is_fairest)


def worth_bound(market: Market, prices: Ints) -> int:
    """No choice of pairs is worth more in all. `prices` stand in the market's order."""
    rows, columns = market.shape
    bids = np.minimum(prices, market.bonus + market.highest)
    bound = market.price_of_seats(bids)
    if not rows or not columns:
        return bound
    best = market.survey().look(bids, -(-columns // WIDTH)).best.max(axis=1)
    return bound + exact_sum(np.maximum(best + market.bonus, 0))


def count_bound(market: Market, prices: Ints) -> int:
    """No more pairs than this can be chosen."""
    bound, free = market.price_of_seats(prices), np.flatnonzero(prices == 0)
    if not len(market.mentees) or not len(free):
        return bound
    survey = market.part(np.arange(len(market.mentees)), free).survey()
    best = survey.look(np.zeros(len(free), dtype=np.int64), -(-len(free) // WIDTH)).best.max(axis=1)
    return bound + int((best > NEVER).sum())


def _is_floor(market: Market, pairs: Ints, floor: int, covers: list[Ints] | None) -> bool:
    if covers is None:
        return False
    placed = len(pairs) - len(market.problem.locked)
    most, above = covers
    return count_bound(market, most) == placed and count_bound(market.above(floor + 1), above) < placed


def checked_pairs(problem: Problem, pairs: ArrayLike) -> Ints:
    chosen = index_pairs(pairs, "The pairs", problem.mentees, problem.mentors)
    check_locked(chosen, problem.forbidden, problem.capacity)
    if len(shared_rows(chosen, problem.locked)) != len(problem.locked):
        raise InvalidProblem("A locked pair is missing from the result.")
    return chosen


def _checked_prices(problem: Problem, prices: ArrayLike) -> Ints:
    return counts(prices, "The prices", problem.mentors)
