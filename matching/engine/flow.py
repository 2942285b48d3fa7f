"""The best choice among listed pairs, by shortest augmenting paths (Jonker and Volgenant, in scipy) started from
prices, or by minimum-cost flow (OR-Tools) where that is installed and mentors have many places.

The first is given what each pair lacks of its row's gain and its column's price instead of its worth: near the
optimum most rows then find their place at once. The best choice stays the same as long as everybody whose gain
or price was counted in has a partner; that is certain on the side with fewer seats and checked on the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import (
    breadth_first_order,
    maximum_bipartite_matching,
    min_weight_full_bipartite_matching,
)

from .arcs import Arcs, ranges
from .arrays import EXACT, Floats, Ints
from .potentials import potentials

try:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
except ImportError:
    SimpleMinCostFlow = None

Matched: TypeAlias = tuple[Ints, Ints]

MARGINS = (16, 2, 0)
"""Gains and prices that might be too high count for less: by one part in so many of what worths differ by,
and 0 for not at all."""

MANY_SEATS, FAR = 4, 20_000
"""From so many seats for each listed pair on, or so many rows with a guess that is far off, the flow is faster."""


@dataclass(frozen=True, eq=False)
class Flow:
    """`chosen` is an arc per row or -1 for none; `prices` per column and `gains` per row prove it the best."""

    chosen: Ints
    prices: Ints
    gains: Ints


def best_flow(
    arcs: Arcs,
    capacity: Ints,
    prices: Ints,
    gains: Ints,
    *,
    is_most: bool = False,
    is_far: bool = False,
    solver: str | None = None,
) -> Flow:
    """The choice of arcs, at most one per row and `capacity` per column, that is worth most.

    `prices` and `gains` are a guess to start from; `is_far` says that it may be far off. `is_most` promises
    that one pair more always outweighs any worths, which spares work. `solver` is "paths" or "network", by
    default what suits.
    """
    rows, columns = arcs.shape
    most = np.minimum(capacity, np.bincount(arcs.column, minlength=columns))
    suits = _has_many(arcs, most) or (is_far and rows >= FAR)
    if solver == "network" or (solver is None and SimpleMinCostFlow and suits):
        found = _network(arcs, most)
        if found is not None:
            return Flow(found, *potentials(arcs, capacity, found, prices))
    return _by_paths(arcs, capacity, most, (prices, gains), is_most)


def _by_paths(arcs: Arcs, capacity: Ints, most: Ints, guess: Matched, is_most: bool) -> Flow:
    """Where few of many seats are wanted, seats are given out bit by bit: a column with a price gets twice as
    many in the next round, and where none is short of seats, further seats would change nothing."""
    rows, columns = arcs.shape
    seats = np.minimum(most, max(4, 2 * rows // max(columns, 1)))
    while True:
        chosen = _paths(arcs, seats, *guess, is_most)
        held = np.where(seats < most, seats, capacity)
        guess = prices, gains = potentials(arcs, held, chosen, guess[0])
        short = (prices > 0) & (seats < most)
        if not short.any():
            return Flow(chosen, prices, gains)
        seats = np.where(short, np.minimum(most, 2 * seats), seats)


def _has_many(arcs: Arcs, seats: Ints) -> bool:
    return int(seats[arcs.column].sum()) > MANY_SEATS * len(arcs.row)


def _network(arcs: Arcs, seats: Ints) -> Ints | None:
    """An arc per row or -1; None where the worths are too large for the solver's own arithmetic."""
    rows, columns = arcs.shape
    sink = rows + columns
    row, column = np.arange(rows, dtype=np.int32), np.arange(rows, sink, dtype=np.int32)
    flow = SimpleMinCostFlow()
    add: Any = flow.add_arcs_with_capacity_and_unit_cost
    listed = add(arcs.row.astype(np.int32), column[arcs.column], np.ones_like(arcs.row), -arcs.worth)
    add(column, np.full(columns, sink, dtype=np.int32), seats, np.zeros_like(seats))
    add(row, np.full(rows, sink, dtype=np.int32), np.ones(rows, np.int64), np.zeros(rows, np.int64))
    flow.set_nodes_supplies(row, np.ones(rows, dtype=np.int64))
    flow.set_node_supply(sink, -rows)
    if flow.solve() != flow.OPTIMAL:
        return None
    used = np.flatnonzero(flow.flows(listed))
    chosen = np.full(rows, -1, dtype=np.int64)
    chosen[arcs.row[used]] = used
    return chosen


def _paths(arcs: Arcs, seats: Ints, prices: Ints, gains: Ints, is_most: bool) -> Ints:
    rows = np.flatnonzero(np.diff(arcs.start))
    known = Arcs((len(rows), len(seats)), np.searchsorted(rows, arcs.row), arcs.column, arcs.worth)
    table = _Seats(known, seats)
    for parts in MARGINS:
        counted = table.guess(prices, gains[rows], parts)
        row, seat = table.matched(*counted, is_most)
        if not table.has_idle(row, seat, *counted):
            break
    chosen = np.full(len(gains), -1, dtype=np.int64)
    chosen[rows[row]] = known.find(row, table.column_of[seat])
    return chosen


class _Seats:
    """Listed pairs with a column for each seat, turned so that every row can have a partner."""

    def __init__(self, arcs: Arcs, seats: Ints) -> None:
        self.arcs = arcs
        self.column_of = np.repeat(np.arange(len(seats)), seats)
        self._rows, self._seats = arcs.shape[0], len(self.column_of)
        self._is_turned = self._seats < self._rows
        each = seats[arcs.column]
        self._arc = np.repeat(np.arange(len(arcs.row)), each)
        self._seat = ranges((np.cumsum(seats) - seats)[arcs.column], each)

    def guess(self, prices: Ints, gains: Ints, parts: int) -> Matched:
        """What of the prices and gains is counted in: nothing if that could leave the exact range."""
        largest = int(prices.max(initial=0)) + int(gains.max(initial=0)) + int(self.arcs.worth.max(initial=0))
        if (4 * min(self._rows, self._seats) + 4) * largest > EXACT:
            return np.zeros_like(prices), np.zeros_like(gains)
        free = gains if self._is_turned else prices
        if parts == MARGINS[0] and self._seats == self._rows:
            return prices, gains
        margin = int(np.ptp(self.arcs.worth)) // parts if parts else largest
        less = np.maximum(free - margin, 0)
        return (prices, less) if self._is_turned else (less, gains)

    def matched(self, prices: Ints, gains: Ints, is_most: bool) -> Matched:
        """Rows and their seats."""
        lack = gains[self.arcs.row] + prices[self.arcs.column] - self.arcs.worth
        cost = lack[self._arc].astype(np.float64)
        row = self.arcs.row[self._arc]
        if self._is_turned:
            alone = prices[self.column_of].astype(np.float64)
            seat, row = _all_matched(self._seat, row, cost, alone, self._rows, is_most)
            return row, seat
        return _all_matched(row, self._seat, cost, gains.astype(np.float64), self._seats, is_most)

    def has_idle(self, row: Ints, seat: Ints, prices: Ints, gains: Ints) -> bool:
        """Whether anybody is left over whose gain or price was counted in."""
        if self._is_turned:
            return bool((np.delete(gains, row) > 0).any())
        return bool((np.delete(prices[self.column_of], seat) > 0).any())


def _all_matched(
    row: Ints, column: Ints, cost: Floats, alone: Floats, columns: int, is_most: bool
) -> Matched:
    """The cheapest way to give each row a column; `alone` is what going without one costs, where it must be
    or, unless as many as possible are to be matched, where it may be."""
    rows = len(alone)
    least = min(cost.min(initial=0), alone.min(initial=0)) - 1
    loose = np.arange(rows)
    if is_most:
        try:
            graph = csr_array((cost - least, (row, column)), shape=(rows, columns))
            return _wide(min_weight_full_bipartite_matching(graph))
        except ValueError:
            loose = _loose(row, column, (rows, columns))
    every = np.concatenate([alone[loose], cost]) - least
    place = np.concatenate([loose, row]), np.concatenate([np.arange(len(loose)), column + len(loose)])
    graph = csr_array((every, place), shape=(rows, columns + len(loose)))
    first, second = _wide(min_weight_full_bipartite_matching(graph))
    real = second >= len(loose)
    return first[real], second[real] - len(loose)


def _wide(matched: Any) -> Matched:
    return matched[0].astype(np.int64), matched[1].astype(np.int64)


def _loose(row: Ints, column: Ints, shape: tuple[int, int]) -> Ints:
    """The rows that some largest matching leaves out: those at the end of an alternating path from one that
    a largest matching left out (Dulmage and Mendelsohn)."""
    rows, columns = shape
    graph = csr_array((np.ones(len(row), dtype=np.int8), (row, column)), shape=shape)
    partner = maximum_bipartite_matching(graph, perm_type="column")
    out, inside = np.flatnonzero(partner < 0), np.flatnonzero(partner >= 0)
    start = rows + columns
    tails = np.concatenate([row, rows + partner[inside], np.full(len(out), start)])
    heads = np.concatenate([rows + column, inside, out])
    paths = csr_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(start + 1, start + 1))
    reached = breadth_first_order(paths, start, return_predecessors=False)
    return np.sort(reached[reached < rows]).astype(np.int64)
