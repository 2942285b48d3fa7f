"""Prices that prove a choice the best among listed pairs.

They are potentials of the exchanges (Bellman and Ford), started from earlier prices and raised only where an
exchange would gain: so they stay near the earlier ones, and what those proved about other pairs mostly holds.
"""

from __future__ import annotations

import numpy as np

from .arcs import Arcs, ranges
from .arrays import Ints


def potentials(arcs: Arcs, seats: Ints, chosen: Ints, prices: Ints) -> tuple[Ints, Ints]:
    """Whole-number prices per column and gains per row, none negative, that prove a best choice.

    `chosen` is an arc per row or -1, the best there is for these `seats`; `prices` are where to start.
    "Nowhere" counts as one more column, where those are who are out, and free seats.
    """
    rows, columns = arcs.shape
    chain = _Chain(arcs, chosen)
    spare = np.flatnonzero(np.bincount(chain.at, minlength=columns + 1)[:columns] < seats)
    level = np.append(prices, 0)
    moved = None
    for _ in range(rows + columns + 2):
        before = level.copy()
        nowhere = max(chain.dearest(level), int(level[spare].max(initial=level[-1])))
        np.maximum(level, nowhere, out=level)
        chain.raise_from(moved, level)
        moved = np.flatnonzero(level > before)
        if not len(moved):
            level -= level[-1]
            return level[:-1], chain.have - level[chain.at]
    raise ArithmeticError("The choice wasn't the best among the listed pairs: the solver was inexact.")


class _Chain:
    """The exchanges: arcs by the column that their row is `at`, and the worth that it would give up."""

    def __init__(self, arcs: Arcs, chosen: Ints) -> None:
        rows, columns = arcs.shape
        placed = chosen >= 0
        self.at = np.full(rows, columns)
        self.have = np.zeros(rows, dtype=np.int64)
        self.at[placed] = arcs.column[chosen[placed]]
        self.have[placed] = arcs.worth[chosen[placed]]
        self._arcs = arcs
        self._source = self.at[arcs.row]
        self._step = arcs.worth - self.have[arcs.row]
        self._rows = np.argsort(self.at, kind="stable")
        self._first = np.searchsorted(self.at[self._rows], np.arange(columns + 2))
        self._degree = np.diff(arcs.start)

    def dearest(self, level: Ints) -> int:
        """The level at which somebody would rather be nowhere."""
        return int((level[self.at] - self.have).max(initial=level[-1]))

    def raise_from(self, moved: Ints | None, level: Ints) -> None:
        """Raise each column to what rows at the `moved` columns (None: at all) would give for it."""
        listed = None if moved is None else self._arcs_from(moved)
        if listed is None:
            column, offer = self._arcs.column, level[self._source]
            offer += self._step
        else:
            column = self._arcs.column[listed]
            offer = level[self._source[listed]] + self._step[listed]
        higher = np.flatnonzero(offer > level[column])
        np.maximum.at(level, column[higher], offer[higher])

    def _arcs_from(self, moved: Ints) -> Ints | None:
        """The arcs of rows at those columns, unless that's most of them."""
        rows = self._rows[ranges(self._first[moved], self._first[moved + 1] - self._first[moved])]
        degree = self._degree[rows]
        return ranges(self._arcs.start[rows], degree) if 4 * degree.sum() < len(self._source) else None
