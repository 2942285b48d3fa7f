"""A list of possible pairs: what a sparse method knows of the table of worths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from .arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class Arcs:
    """Distinct pairs by row and column, each with its worth (at least 1), out of a table of that `shape`."""

    shape: tuple[int, int]
    row: Ints
    column: Ints
    worth: Ints

    @classmethod
    def of(cls, shape: tuple[int, int], row: Ints, column: Ints, worth: Ints) -> Self:
        """Sorted, each pair once."""
        columns = max(shape[1], 1)
        key, first = np.unique(row * columns + column, return_index=True)
        return cls(shape, *np.divmod(key, columns), worth[first])

    @classmethod
    def of_table(cls, worth: Floats) -> Self:
        """All pairs of a whole table that are worth anything."""
        row, column = np.nonzero(worth > 0)
        return cls((worth.shape[0], worth.shape[1]), row, column, worth[row, column].astype(np.int64))

    def joined(self, row: Ints, column: Ints, worth: Ints) -> Arcs:
        together = ((self.row, row), (self.column, column), (self.worth, worth))
        return Arcs.of(self.shape, *(np.concatenate(both) for both in together))

    def table(self) -> Floats:
        """The whole table, with 0 for pairs that aren't listed."""
        table = np.zeros(self.shape)
        table[self.row, self.column] = self.worth
        return table

    def above(self, worth: int) -> Arcs:
        """The pairs that are worth at least that."""
        kept = self.worth >= worth
        return Arcs(self.shape, self.row[kept], self.column[kept], self.worth[kept])

    @cached_property
    def start(self) -> Ints:
        """Where each row's arcs begin, and the end."""
        return np.searchsorted(self.row, np.arange(self.shape[0] + 1))

    def find(self, row: Ints, column: Ints) -> Ints:
        """The places of pairs that are in the list."""
        columns = max(self.shape[1], 1)
        return np.searchsorted(self.row * columns + self.column, row * columns + column)


def ranges(start: Ints, length: Ints) -> Ints:
    """The whole numbers of several ranges, one after the other."""
    ends = np.cumsum(length)
    return np.repeat(start - ends + length, length) + np.arange(ends[-1] if len(ends) else 0)
