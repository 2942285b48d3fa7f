"""The exact assignment over a table of worths, and the prices that prove it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from .arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class Assignment:
    """`mentor_of` per row (-1 for none), the least `prices` per column, and the rounds it took."""

    mentor_of: Ints
    prices: Ints
    rounds: int


def assign(worth: Floats, capacity: Ints) -> Assignment:
    """The assignment of rows to columns, at most `capacity` to each, with the largest total worth.

    `worth` holds whole numbers: 0 for a pair that may not be, at least 1 for one that may. Large
    capacities are given out bit by bit: a column whose seats are all wanted (its price isn't 0) gets
    twice as many in the next round; where none is short of seats, further seats would change nothing.
    """
    rows, columns = worth.shape
    most = np.minimum(capacity, (worth > 0).sum(axis=0))
    seats = np.minimum(most, max(4, 2 * rows // max(columns, 1)))
    rounds = 0
    while True:
        rounds += 1
        mentor_of = _fill(worth, seats)
        prices = least_prices(worth, mentor_of)
        short = (prices > 0) & (seats < most)
        if not short.any():
            return Assignment(mentor_of, prices, rounds)
        seats = np.where(short, np.minimum(most, 2 * seats), seats)


def _fill(worth: Floats, seats: Ints) -> Ints:
    """The best assignment with a column per seat.

    Worths are never negative, and 0 stands for "not together". So the best assignment that uses every
    row or every seat, less its pairs of worth 0, is the best of all: "unplaced" needs no column.
    """
    mentor_of = np.full(len(worth), -1, dtype=np.int64)
    column_of = np.repeat(np.arange(len(seats)), seats)
    cost = worth[:, column_of]
    np.negative(cost, out=cost)
    rows, taken = linear_sum_assignment(cost)
    real = cost[rows, taken] < 0
    mentor_of[rows[real]] = column_of[taken[real]]
    return mentor_of


def least_prices(worth: Floats, mentor_of: Ints) -> Ints:
    """The least prices per column at which nobody would rather be elsewhere.

    They are whole numbers, found as longest paths over chains of exchanges (Bellman-Ford between
    columns). A price is what one more seat there would add to the total worth.
    """
    prices: Floats = worth[mentor_of < 0].max(axis=0, initial=0.0)
    columns, steps = _exchanges(worth, mentor_of)
    risen = np.ones(len(columns), dtype=np.bool_)
    for _ in range(len(columns) + 1):
        if not risen.any():
            break
        reach = (prices[columns[risen], None] + steps[risen]).max(axis=0)
        higher = reach > prices
        prices[higher] = reach[higher]
        risen = higher[columns]
    return prices.astype(np.int64)


def _exchanges(worth: Floats, mentor_of: Ints) -> tuple[Ints, Floats]:
    """Columns in use, and per such column the most that moving one of its rows to each column would gain."""
    rows = np.flatnonzero(mentor_of >= 0)
    rows = rows[np.argsort(mentor_of[rows], kind="stable")]
    columns, starts = np.unique(mentor_of[rows], return_index=True)
    if not len(rows):
        return columns, np.zeros((0, worth.shape[1]))
    gains = worth[rows]
    barred = gains == 0
    gains -= worth[rows, mentor_of[rows]][:, None]
    gains[barred] = -np.inf
    return columns, np.maximum.reduceat(gains, starts, axis=0)
