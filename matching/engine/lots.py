"""Who is chosen among equally good results: by lot from a recorded seed, never by who came first.

Every pair draws a number from the seed and its two keys, by whole-number arithmetic that is the same on
every machine. Of all results with the same worth, the one with the largest sum of lots is taken; so it
doesn't depend on the method, nor (where keys are given) on the order of the rows. Where more pairs than a
stated budget could be exchanged, the result stays as it was found: people stand in an order drawn by lot
(`queue`) when it is looked for, so it is still by lot, but may depend on the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from .arcs import Arcs
from .arrays import EXACT, Flags, Floats, Ints
from .assignment import Assignment, assign
from .flow import best_flow
from .problem import most_placeable
from .tiles import TIGHT_BUDGET

Words: TypeAlias = NDArray[np.uint64]

TABLE = 1_000_000
"""What is open is decided as a table up to so many pairs, and as a list above."""


def lots(seed: int, rows: Ints, columns: Ints, bits: int) -> Floats:
    """A number from 1 to 2**bits for each pair of keys."""
    return _drawn(seed, rows[:, None], columns[None, :], bits)


def _drawn(seed: int, rows: Ints, columns: Ints, bits: int) -> Floats:
    """The same for keys that are broadcast against each other."""
    row_words = _mixed(rows.astype(np.uint64) ^ _mixed(np.array([seed % 2**64], dtype=np.uint64)))
    column_words = _mixed(columns.astype(np.uint64) + np.uint64(0xD1B54A32D192ED03))
    drawn = _mixed(row_words + column_words) >> np.uint64(64 - bits)
    return drawn.astype(np.float64) + 1


def queue(seed: int, keys: Ints) -> Ints:
    """Everybody's number in an order drawn by lot from the seed and their keys."""
    return np.argsort(lots(seed, keys, np.zeros(1, dtype=np.int64), 52)[:, 0], kind="stable")


def _mixed(words: Words) -> Words:
    """Spreads words over all 64 bits (the finaliser of SplitMix64)."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Words = words ^ (words >> np.uint64(31))
    return mixed


def settle(
    worth: Floats, capacity: Ints, found: Assignment, seed: int, row_keys: Ints, column_keys: Ints
) -> tuple[Ints, Flags]:
    """The optimal assignment that the lots choose, and per row whether it was drawn at all."""
    prices = found.prices.astype(np.float64)
    gains = np.maximum((worth - prices).max(axis=1, initial=0), 0)
    tight = np.argwhere((worth > 0) & (worth == gains[:, None] + prices))
    if len(tight) > TIGHT_BUDGET:
        return found.mentor_of, np.ones(len(worth), dtype=np.bool_)
    best = Optimum(tight, found.mentor_of, found.prices, gains.astype(np.int64), capacity)
    return draw(best, seed, row_keys, column_keys)


@dataclass(frozen=True, eq=False)
class Optimum:
    """A best assignment with prices and gains that prove it, and all `tight` (row, column) pairs, which are
    worth exactly the row's gain and the column's price."""

    tight: Ints
    mentor_of: Ints
    prices: Ints
    gains: Ints
    capacity: Ints


def draw(best: Optimum, seed: int, row_keys: Ints, column_keys: Ints) -> tuple[Ints, Flags]:
    """As `settle`, without a table.

    All optimal assignments differ by exchanges along cycles of tight pairs. So only pairs within strongly
    connected parts of the graph of possible exchanges are decided anew. Those parts, and who is always placed
    in them, don't depend on which prices prove the optimum, so neither does what is drawn.
    """
    open_choice = _Choice.of(best, row_keys, column_keys)
    is_drawn = np.zeros(len(best.gains), dtype=np.bool_)
    is_drawn[open_choice.rows] = True
    mentor_of = best.mentor_of.copy()
    if len(open_choice.rows):
        chosen = open_choice.decide(seed)
        mentor_of[open_choice.rows] = np.where(chosen >= 0, open_choice.columns[chosen], -1)
    return mentor_of, is_drawn


@dataclass(frozen=True, eq=False)
class _Choice:
    """Rows and columns in the order of their keys, the pairs of them that can be exchanged, the seats that are
    theirs, and who must have a partner."""

    rows: Ints
    columns: Ints
    pairs: Ints
    keys: tuple[Ints, Ints]
    seats: Ints
    must: tuple[Flags, Flags]

    @classmethod
    def of(cls, best: Optimum, row_keys: Ints, column_keys: Ints) -> Self:
        rows, columns = len(best.gains), len(best.prices)
        part_of, nowhere = _parts(best)
        live = best.tight[part_of[best.tight[:, 0]] == part_of[rows + best.tight[:, 1]]]
        ours, theirs = _by_key(live[:, 0], row_keys), _by_key(live[:, 1], column_keys)
        is_ours = np.bincount(ours, minlength=rows) > 0
        outside = np.bincount(best.mentor_of[~is_ours & (best.mentor_of >= 0)], minlength=columns)
        inside = np.bincount(best.mentor_of[is_ours & (best.mentor_of >= 0)], minlength=columns)
        is_closed = part_of[rows + theirs] != nowhere
        return cls(
            ours,
            theirs,
            np.column_stack([_places(ours, rows)[live[:, 0]], _places(theirs, columns)[live[:, 1]]]),
            (row_keys[ours], column_keys[theirs]),
            np.where(is_closed, inside[theirs], (best.capacity - outside)[theirs]),
            ((part_of[ours] != nowhere) | (best.gains[ours] > 0), is_closed | (best.prices[theirs] > 0)),
        )

    def decide(self, seed: int) -> Ints:
        """The column per row that the lots choose, with a bonus for each side that must have a partner.

        The bonus outweighs all lots together, and as many bits are drawn as keep the sums exact. The method
        depends on the size of what is open only.
        """
        placeable = max(most_placeable(len(self.rows), self.seats), 1)
        bits = EXACT.bit_length() - 2 - ((2 * placeable + 2) * (2 * placeable + 4)).bit_length()
        row, column = self.pairs.T
        drawn = _drawn(seed, self.keys[0][row], self.keys[1][column], bits).astype(np.int64)
        needed = self.must[0][row].astype(np.int64) + self.must[1][column]
        shape = len(self.rows), len(self.columns)
        arcs = Arcs.of(shape, row, column, drawn + (placeable * 2**bits + 1) * needed)
        if shape[0] * shape[1] <= TABLE:
            return assign(arcs.table(), self.seats).mentor_of
        nothing = np.zeros(shape[1], dtype=np.int64), np.zeros(shape[0], dtype=np.int64)
        chosen = best_flow(arcs, self.seats, *nothing, solver="paths").chosen
        return np.where(chosen >= 0, arcs.column[chosen], -1)


def _parts(best: Optimum) -> tuple[Ints, int]:
    """The strongly connected part of each row and each column in the graph of exchanges that cost nothing, and
    that of "nowhere"."""
    rows, columns = len(best.gains), len(best.prices)
    nowhere = rows + columns
    row, column = best.tight.T
    mentor_of, used = best.mentor_of, best.mentor_of[row] == column
    filled = np.bincount(mentor_of[mentor_of >= 0], minlength=columns)
    leave = np.flatnonzero((best.gains == 0) & (mentor_of >= 0))
    stay_out = np.flatnonzero(mentor_of < 0)
    spare = np.flatnonzero(filled < best.capacity)
    release = np.flatnonzero((filled > 0) & (best.prices == 0))
    start = [row[~used], rows + column[used], leave, np.full(len(stay_out), nowhere)]
    end = [rows + column[~used], row[used], np.full(len(leave), nowhere), stay_out]
    start += [rows + spare, np.full(len(release), nowhere)]
    end += [np.full(len(spare), nowhere), rows + release]
    tails, heads = np.concatenate(start), np.concatenate(end)
    graph = csr_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(nowhere + 1, nowhere + 1))
    _, part_of = connected_components(graph, directed=True, connection="strong")
    return part_of.astype(np.int64), int(part_of[nowhere])


def _by_key(chosen: Ints, keys: Ints) -> Ints:
    """Each of the chosen once, in the order of their keys."""
    distinct = np.unique(chosen)
    return distinct[np.argsort(keys[distinct], kind="stable")]


def _places(chosen: Ints, total: int) -> Ints:
    """Per number below `total` its place among those chosen."""
    places = np.zeros(total, dtype=np.int64)
    places[chosen] = np.arange(len(chosen))
    return places
