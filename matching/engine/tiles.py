"""Every pair looked at, tile by tile, so that the table of all fits never has to be held.

A fit is a product of whole-number features, so a tile is one matrix product: in single precision where no
partial sum can reach 2**24 (checked for each tile), in double precision otherwise; exact in both. Columns are
taken in bands of like prices and prices are counted from the least in their tile, so that a large price, such
as one that counts the placing of one more person, never enters the product.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from threading import local
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .arrays import EXACT, Floats, Ints, reach
from .processors import share

Reals: TypeAlias = NDArray[np.float32] | Floats
Beat: TypeAlias = Callable[[], None]

ROWS = 512
"""Rows of a tile: few enough for a tile to stay in the processor's cache."""

SINGLE = 2**24
"""Whole numbers below this are exact in single precision."""

BAND = 2**17
"""Columns are sorted by price only as far as prices differ by more than this."""

GRAINS, GRAIN = 8, 1 / 32
"""Noise that tells equal fits apart: eight times a 32nd up or down. It can't change the order of whole numbers
and is exact itself where whole numbers up to 32 times as large are."""

NEVER = -(2**62)
"""The value where a tile has no pair that may be."""

TIGHT_BUDGET = 600_000
"""So many tight pairs are listed at most."""


@dataclass(frozen=True, eq=False)
class Look:
    """Per row and tile the largest fit less price and the column that has it. `tight` are the (row, column)
    pairs that reach their row's target, by row; None if nobody asked or they're beyond the budget."""

    best: Ints
    column: Ints
    tight: Ints | None


@dataclass(frozen=True, eq=False)
class _Tile:
    """Some columns: their prices above `low`, and per block of rows the places of barred pairs."""

    columns: Ints
    low: int
    right: Reals
    prices: Reals
    barred: list[Ints]


class Survey:
    """The pairs of all `left` and all `right` rows of features, without the `barred` ones and those that fit
    less than `floor`."""

    def __init__(self, left: Ints, right: Ints, barred: Ints, floor: int | None = None) -> None:
        self.shape = len(left), len(right)
        rng = np.random.default_rng(1)
        self._width = left.shape[1]
        self._left = _grained(left, rng, GRAIN)
        self._right = _grained(right, rng, 1)
        self._reach = reach(left, right)
        self._barred = barred
        self._floor = floor

    def of_rows(self, rows: Ints) -> Self:
        """The same for some of the rows only."""
        few = copy(self)
        few.shape = len(rows), self.shape[1]
        few._left = self._left[rows]
        place = np.full(self.shape[0], -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        row = place[self._barred[:, 0]]
        few._barred = np.column_stack([row, self._barred[:, 1]])[row >= 0]
        return few

    def look(
        self,
        prices: Ints,
        tiles: int,
        *,
        noisy: bool = False,
        target: Ints | None = None,
        beat: Beat = lambda: None,
    ) -> Look:
        """Look at every pair once. With noise, equals in a tile aren't always told by the same column."""
        rows = self.shape[0]
        cut = self._cut(prices, tiles, noisy)
        sheet, desk = _Sheet(rows, len(cut), target), local()

        def look_at(block: int) -> None:
            for number, tile in enumerate(cut):
                sheet.note(block * ROWS, number, tile, self._values(tile, block, desk))

        share(look_at, -(-rows // ROWS), beat)
        return Look(sheet.best, sheet.column, sheet.tight())

    def _values(self, tile: _Tile, block: int, desk: local) -> Reals:
        """Fit less price of a block of rows with the columns of a tile; minus infinity where it may not be."""
        left = self._left[block * ROWS : (block + 1) * ROWS, : len(tile.right)]
        shape = len(left), len(tile.columns)
        kept = getattr(desk, "values", None)
        if kept is None or kept.shape != shape or kept.dtype != tile.right.dtype:
            desk.values = kept = np.empty(shape, dtype=tile.right.dtype)
        values: Reals = np.matmul(left.astype(tile.right.dtype, copy=False), tile.right, out=kept)
        if self._floor is not None:
            values[values < self._floor - 0.5] = -np.inf
        values -= tile.prices
        values.reshape(-1)[tile.barred[block]] = -np.inf
        return values

    def _cut(self, prices: Ints, tiles: int, noisy: bool) -> list[_Tile]:
        columns = self.shape[1]
        width = -(-columns // tiles)
        order = np.argsort(prices // BAND, kind="stable")
        parts = [order[start : start + width] for start in range(0, columns, width)]
        barred = self._places(order, width, len(parts))
        return [self._tile(part, prices, noisy, places) for part, places in zip(parts, barred, strict=True)]

    def _tile(self, columns: Ints, prices: Ints, noisy: bool, barred: list[Ints]) -> _Tile:
        low = int(prices[columns].min())
        above = prices[columns] - low
        largest = (self._reach + float(above.max())) / (GRAIN if noisy else 1)
        is_single = largest < SINGLE
        used = self._width + (GRAINS if noisy and largest < EXACT else 0)
        right: Reals = self._right[columns, :used].T
        return _Tile(columns, low, _reals(right, is_single), _reals(above, is_single), barred)

    def _places(self, order: Ints, width: int, parts: int) -> list[list[Ints]]:
        """Per tile and block of rows where the barred pairs lie in it."""
        rows, columns = self.shape
        position = np.empty(columns, dtype=np.int64)
        position[order] = np.arange(columns)
        row, at = self._barred[:, 0], position[self._barred[:, 1]]
        blocks = max(-(-rows // ROWS), 1)
        part = at // width
        number = part * blocks + row // ROWS
        by_number = np.argsort(number, kind="stable")
        wide = np.minimum(width, columns - part * width)
        place = (row % ROWS * wide + at - part * width)[by_number]
        ends = np.searchsorted(number[by_number], np.arange(parts * blocks + 1)).tolist()
        pieces = [place[start:stop] for start, stop in pairwise(ends)]
        return [pieces[first : first + blocks] for first in range(0, len(pieces), blocks)]


class _Sheet:
    """Where several threads note what they see, each about rows of its own."""

    def __init__(self, rows: int, tiles: int, target: Ints | None) -> None:
        self.best = np.empty((rows, tiles), dtype=np.int64)
        self.column = np.empty((rows, tiles), dtype=np.int64)
        self._target = target
        self._found: list[Ints] = []
        self._count = 0

    def note(self, start: int, number: int, tile: _Tile, values: Reals) -> None:
        rows = slice(start, start + len(values))
        at = values.argmax(axis=1)
        top = values[np.arange(len(values)), at]
        whole = np.rint(np.maximum(top, -EXACT)).astype(np.int64) - tile.low
        self.best[rows, number] = np.where(top == -np.inf, NEVER, whole)
        self.column[rows, number] = tile.columns[at]
        if self._target is None or self._count > TIGHT_BUDGET:
            return
        hits = np.flatnonzero(self.best[rows, number] == self._target[rows])
        row, place = np.nonzero(values[hits] == top[hits, None])
        self._found.append(np.column_stack([start + hits[row], tile.columns[place]]))
        self._count += len(row)

    def tight(self) -> Ints | None:
        """All pairs that reach the target, as long as the budget lasts."""
        if self._target is None or sum(map(len, self._found)) > TIGHT_BUDGET:
            return None
        pairs = np.concatenate([np.zeros((0, 2), dtype=np.int64), *self._found])
        return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _reals(values: Reals | Ints, is_single: bool) -> Reals:
    kept = np.ascontiguousarray(values)
    return kept.astype(np.float32) if is_single else kept.astype(np.float64)


def _grained(table: Ints, rng: np.random.Generator, grain: float) -> Reals:
    rows, width = table.shape
    is_small = max(abs(int(table.max(initial=0))), abs(int(table.min(initial=0)))) < SINGLE
    grained = np.empty((rows, width + GRAINS), dtype=np.float32 if is_small else np.float64)
    grained[:, :width] = table
    grained[:, width:] = rng.choice([-grain, grain], (rows, GRAINS))
    return grained
