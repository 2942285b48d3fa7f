"""The best choice without the table of all pairs: column generation, proved by pricing every pair.

A few good pairs per mentee are listed, the best choice among them found, and its prices held against every
pair, tile by tile. Pairs that are worth more than they cost are listed too, until there are none: then the
prices prove the choice the best of all (duality of linear programming). The first prices come from a smaller
market drawn from this one: what its mentees would pay for each mentor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from .arcs import Arcs
from .arrays import Ints, exact_sum
from .flow import best_flow
from .market import Market
from .problem import most_placeable
from .tiles import NEVER, Beat, Look, Survey

Tell: TypeAlias = Callable[[int], None]

TILES = 24
"""Pairs per mentee that a look can find: the best in each of so many tiles."""

LISTED = 12
"""Pairs per mentee, and per mentor whom few mentees listed, that are listed in one round."""

SAMPLE = 4
"""One in so many takes part in the smaller market."""

NEARLY = 0.001
"""The gap at which the smaller market's prices are good enough."""

FEW = 60_000
"""So many pairs are simply all listed."""

CLEAN = 0.01
"""Where a smaller share of mentees than this had pairs to list, looks do without noise."""

ROUNDS = 100
"""A bound against endless runs."""


@dataclass(frozen=True)
class Pricing:
    """How far to go (`gap` as in `solve`, of the total with `given` added), whom to tell, and with what."""

    gap: float = 0.0
    given: int = 0
    tell: Tell = lambda placed: None
    beat: Beat = lambda: None
    few: int = FEW
    rounds: int = ROUNDS
    solver: str | None = None


@dataclass(frozen=True, eq=False)
class Priced:
    """A choice (`mentor_of` per mentee, -1 for none) with prices per mentor and gains per mentee, the `bound` that
    no choice is worth more than, and the pairs at that bound (None if unknown or too many). `is_open` if the
    rounds weren't enough."""

    arcs: Arcs
    mentor_of: Ints
    prices: Ints
    gains: Ints
    bound: int
    tight: Ints | None = None
    is_open: bool = False


def price(market: Market, pricing: Pricing) -> Priced:
    """The choice that is worth most, or one whose total fit is proved to be near enough to the best."""
    rows, columns = market.shape
    has_places = np.flatnonzero(market.capacity > 0)
    if rows and len(has_places) == columns > 0:
        return _Search(market, pricing).best()
    inner = market.part(np.arange(rows), has_places)
    best = _Search(inner, pricing).best() if rows and len(has_places) else _nobody(inner)
    return _with_full_mentors(market, best, has_places) if rows else _nobody(market)


def _nobody(market: Market) -> Priced:
    """The choice of nobody, which is the best where there is no place or no mentee."""
    rows, columns = (np.zeros(length, dtype=np.int64) for length in market.shape)
    nothing = np.zeros(0, dtype=np.int64)
    arcs = Arcs(market.shape, nothing, nothing, nothing)
    return Priced(arcs, rows - 1, columns, rows, 0, np.zeros((0, 2), dtype=np.int64))


class _Search:
    """Listed pairs, where prices and gains stand, and the best choice and bound so far.

    `_fair` are prices and gains at which no pair at all is worth more than it costs. Where neither a mentee's
    gain nor a price has fallen since, nobody needs to look again.
    """

    def __init__(self, market: Market, pricing: Pricing) -> None:
        self._market = market
        self._pricing = pricing
        self._survey = market.survey()
        self._arcs, self._prices, self._gains = _first_arcs(market, self._survey, pricing)
        largest = market.bonus + market.highest
        self._fair = np.full(market.shape[1], largest), np.full(market.shape[0], largest)
        self._best = replace(_nobody(market), bound=market.price_of_seats(self._fair[0]), tight=None)

    def best(self) -> Priced:
        is_noisy = True
        for number in range(self._pricing.rounds):
            worth = self._choose(is_first=not number)
            rows, look = self._hold(TILES << number // 10, is_noisy)
            if self._is_enough(worth):
                rows, look = self._prove()
            if self._is_enough(worth):
                return self._best
            self._list(rows, look)
            is_noisy = len(rows) > CLEAN * self._market.shape[0]
        return replace(self._best, is_open=True)

    def _choose(self, is_first: bool) -> int:
        """The best of the listed choices, and what it's worth."""
        guess, solver = (self._prices, self._gains), self._pricing.solver
        flow = best_flow(
            self._arcs, self._market.capacity, *guess, is_most=True, is_far=is_first, solver=solver
        )
        self._prices, self._gains = flow.prices, flow.gains
        chosen = flow.chosen[flow.chosen >= 0]
        mentor_of = np.full(len(flow.chosen), -1, dtype=np.int64)
        mentor_of[self._arcs.row[chosen]] = self._arcs.column[chosen]
        self._best = replace(self._best, arcs=self._arcs, mentor_of=mentor_of, tight=None)
        self._pricing.tell(len(chosen))
        return exact_sum(self._arcs.worth[chosen])

    def _hold(self, tiles: int, is_noisy: bool) -> tuple[Ints, Look]:
        """Hold the prices against all pairs that could be worth more than they cost; the mentees who have such."""
        fallen = (self._fair[0] - self._prices).max()
        rows = np.flatnonzero(self._fair[1] - self._gains + fallen > 0)
        survey = self._survey if len(rows) == len(self._gains) else self._survey.of_rows(rows)
        return self._raise(rows, survey.look(self._prices, tiles, noisy=is_noisy, beat=self._pricing.beat))

    def _prove(self) -> tuple[Ints, Look]:
        """Hold the prices against every pair, and list those at the bound."""
        target = self._gains - self._market.bonus
        look = self._survey.look(self._prices, TILES, target=target, beat=self._pricing.beat)
        rows, missed = self._raise(np.arange(len(target)), look)
        self._best = replace(self._best, tight=None if len(rows) else look.tight)
        return rows, missed

    def _raise(self, rows: Ints, look: Look) -> tuple[Ints, Look]:
        """What gains would have to be for nobody to miss anything, and the bound then; who misses what."""
        lack = look.best.max(axis=1) + self._market.bonus - self._gains[rows]
        short = lack > 0
        gains = self._gains.copy()
        gains[rows[short]] += lack[short]
        self._fair = self._prices, gains
        bound = self._market.price_of_seats(self._prices) + exact_sum(gains)
        if bound <= self._best.bound:
            self._best = replace(self._best, prices=self._prices, gains=gains, bound=bound)
        return rows[short], Look(look.best[short], look.column[short], None)

    def _is_enough(self, worth: int) -> bool:
        """Whether that is as near to the bound as was asked for, and nobody more can be placed."""
        market, bound = self._market, self._best.bound
        if bound == worth:
            return True
        placed = int((self._best.mentor_of >= 0).sum())
        upper = bound - market.bonus * placed + self._pricing.given
        is_most = bound < (placed + 1) * (market.bonus + market.lowest)
        is_most |= placed == most_placeable(market.shape[0], market.capacity)
        return is_most and bound - worth <= self._pricing.gap * upper

    def _list(self, rows: Ints, look: Look) -> None:
        """List the best of the pairs that are worth more than they cost."""
        worth_it = (self._gains[rows] - self._market.bonus + 1)[:, None]
        row, tile = np.nonzero(look.best >= np.maximum(_nth_largest(look.best, LISTED), worth_it))
        column = look.column[row, tile]
        worth = look.best[row, tile] + self._prices[column] + self._market.bonus
        self._arcs = self._arcs.joined(rows[row], column, worth)


def _first_arcs(market: Market, survey: Survey, pricing: Pricing) -> tuple[Arcs, Ints, Ints]:
    """Pairs to begin with, and a guess at the prices and gains."""
    rows, columns = market.shape
    if rows * columns <= pricing.few:
        nothing = np.zeros(columns, dtype=np.int64), np.zeros(rows, dtype=np.int64)
        return Arcs.of_table(market.worth()), *nothing
    prices = _first_prices(market, pricing)
    look = survey.look(prices, TILES, noisy=True, beat=pricing.beat)
    gains = np.maximum(look.best.max(axis=1) + market.bonus, 0)
    row, column, fit = _listed(look)
    arcs = Arcs.of(market.shape, row, column, fit + prices[column] + market.bonus)
    wanted = np.minimum(market.capacity, 2 * rows // columns + 4) * 8
    rare = np.flatnonzero(np.bincount(arcs.column, minlength=columns) < wanted)
    if len(rare):
        turned = market.part(np.arange(rows), rare).turned()
        column, row, fit = _listed(turned.look(gains, TILES, noisy=True, beat=pricing.beat))
        arcs = arcs.joined(row, rare[column], fit + gains[row] + market.bonus)
    return arcs, prices, gains


def _listed(look: Look) -> tuple[Ints, Ints, Ints]:
    """The best pairs of each row, with what a look saw of them."""
    row, tile = np.nonzero((look.best >= _nth_largest(look.best, LISTED)) & (look.best > NEVER))
    return row, look.column[row, tile], look.best[row, tile]


def _nth_largest(values: Ints, nth: int) -> Ints:
    """Per row, as a column; the least where there are fewer."""
    place = max(values.shape[1] - nth, 0)
    return np.partition(values, place, axis=1)[:, place : place + 1]


def _first_prices(market: Market, pricing: Pricing) -> Ints:
    """What the mentees of a smaller market, as short of places as this one, would pay for each mentor."""
    rows, columns = market.shape
    part = columns // SAMPLE
    seats, all_seats = int(market.seats[:part].sum()), int(market.seats.sum())
    some = rows * seats // all_seats
    if all_seats >= rows:
        some = min(some, seats)
    if not part or not some:
        return np.zeros(columns, dtype=np.int64)
    smaller = market.part(np.arange(some), np.arange(part))
    found = price(smaller, replace(pricing, gap=NEARLY, given=0, tell=lambda placed: None))
    turned = market.part(np.arange(some), np.arange(columns)).turned()
    best = turned.look(found.gains, TILES // 3, beat=pricing.beat).best.max(axis=1)
    return np.maximum(best + market.bonus, 0)


def _with_full_mentors(market: Market, inner: Priced, has_places: Ints) -> Priced:
    """The same with the mentors who have no place left, at the price that the best bidder would pay."""
    columns = market.shape[1]
    full = np.setdiff1d(np.arange(columns), has_places)
    if not len(full):
        return inner
    turned = market.part(np.arange(market.shape[0]), full).turned()
    bids = turned.look(inner.gains, TILES).best.max(axis=1) + market.bonus
    prices = np.zeros(columns, dtype=np.int64)
    prices[has_places], prices[full] = inner.prices, np.maximum(bids, 0)
    arcs, tight = inner.arcs, inner.tight
    return replace(
        inner,
        arcs=Arcs((market.shape[0], columns), arcs.row, has_places[arcs.column], arcs.worth),
        mentor_of=np.append(has_places, -1)[inner.mentor_of],
        prices=prices,
        tight=None if tight is None else np.column_stack([tight[:, 0], has_places[tight[:, 1]]]),
    )
