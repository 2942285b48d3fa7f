"""How large the smallest fit can be with as many people placed, and covers that prove it.

Whether enough people can be placed above a floor is a question of largest matchings, by maximum flow. Kőnig's
cover of the listed pairs (mentors whom waiting mentees could take, and mentees who don't wait) proves that
there is no larger one as soon as it covers every pair. Pairs that it doesn't cover are listed, and the floor
is tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from .arcs import Arcs
from .arrays import Flags, Ints
from .market import Market
from .pricing import TILES, Tell
from .tiles import NEVER, Beat


@dataclass(frozen=True, eq=False)
class Floor:
    """The highest fit that everybody placed can have, and prices of 0 and 1 per mentor that prove that with a
    higher one fewer could be placed."""

    fit: int
    above: Ints


def highest_floor(market: Market, arcs: Arcs, placed: int, tell: Tell, beat: Beat) -> Floor:
    """`arcs` are pairs by which `placed` people can be placed, the most there are."""
    low = int(arcs.worth.min())
    while True:
        low = _highest_worth(arcs, market.capacity, placed, low)
        tell(placed)
        waiting, taken = _reached(arcs.above(low + 1), market.capacity)
        covered = taken | (market.capacity == 0)
        row, column, fit = _uncovered(market.above(low + 1 - market.bonus), waiting, ~covered, beat)
        if not len(row):
            return Floor(low - market.bonus, covered.astype(np.int64))
        arcs = arcs.joined(row, column, fit + market.bonus)


def most_cover(prices: Ints, gains: Ints, seats: Ints, least: int) -> tuple[Ints, int]:
    """Prices of 0 and 1 per mentor, and the number of people above which they prove that nobody can be placed.

    They come from prices and gains that prove the largest worth, where every allowed pair is worth at least `least`.

    Mentors above a level, and mentees who gain at least what mentors up to that level leave of `least`, cover
    all pairs. On average over all levels up to `least` that costs no more than the worth in units of `least`: at
    the best level therefore no more than the number of people placed, unless that is all mentees or all seats.
    """
    levels = np.unique(np.append(prices[prices < least], 0))
    by_price = np.argsort(prices)
    seats_from = np.append(np.cumsum(seats[by_price][::-1])[::-1], 0)
    dear = seats_from[np.searchsorted(prices[by_price], levels, side="right")]
    glad = len(gains) - np.searchsorted(np.sort(gains), least - levels)
    best = int(np.argmin(dear + glad))
    covers = (
        (int(seats.sum()), np.ones_like(prices)),
        (len(gains), np.zeros_like(prices)),
        (int(dear[best] + glad[best]), (prices > levels[best]).astype(np.int64)),
    )
    count, cover = min(covers, key=lambda cover: cover[0])
    return cover, count


def _highest_worth(arcs: Arcs, capacity: Ints, placed: int, low: int) -> int:
    """The highest worth, from `low` on, at which the listed pairs can place as many."""
    levels = np.unique(arcs.worth[arcs.worth >= low])
    first, beyond = 0, len(levels)
    while beyond - first > 1:
        middle = (first + beyond) // 2
        if _largest(arcs.above(int(levels[middle])), capacity).flow_value >= placed:
            first = middle
        else:
            beyond = middle
    return int(levels[first])


def _uncovered(market: Market, waiting: Flags, untaken: Flags, beat: Beat) -> tuple[Ints, Ints, Ints]:
    """Pairs of those with their fits, a few for each mentee, if there are any."""
    rows, columns = np.flatnonzero(waiting), np.flatnonzero(untaken)
    if not len(rows) or not len(columns):
        return rows[:0], rows[:0], rows[:0]
    free = np.zeros(len(columns), dtype=np.int64)
    look = market.part(rows, columns).survey().look(free, TILES, noisy=True, beat=beat)
    row, tile = np.nonzero(look.best > NEVER)
    return rows[row], columns[look.column[row, tile]], look.best[row, tile]


def _largest(arcs: Arcs, capacity: Ints) -> Any:
    rows, columns = arcs.shape
    source, sink = rows + columns, rows + columns + 1
    tails = np.concatenate([arcs.row, np.full(rows, source), rows + np.arange(columns)])
    heads = np.concatenate([rows + arcs.column, np.arange(rows), np.full(columns, sink)])
    limits = np.ones(len(tails), dtype=np.int32)
    limits[len(arcs.row) + rows :] = np.minimum(capacity, rows)
    return maximum_flow(csr_array((limits, (tails, heads)), shape=(sink + 1, sink + 1)), source, sink)


def _reached(arcs: Arcs, capacity: Ints) -> tuple[Flags, Flags]:
    """The rows and columns that alternating paths from unplaced rows reach."""
    rows, columns = arcs.shape
    flow = _largest(arcs, capacity).flow.tocoo()
    used = (flow.data > 0) & (flow.row < rows)
    row, column = flow.row[used], flow.col[used]
    start = rows + columns
    out = np.setdiff1d(np.arange(rows), row)
    tails = np.concatenate([arcs.row, column, np.full(len(out), start)])
    heads = np.concatenate([rows + arcs.column, row, out])
    paths = csr_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(start + 1, start + 1))
    reached = np.zeros(start + 1, dtype=np.bool_)
    reached[breadth_first_order(paths, start, return_predecessors=False)] = True
    return reached[:rows], reached[rows:start]
