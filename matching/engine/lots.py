"""Who is chosen among equally good results: by lot from a recorded seed, never by who came first.

Every pair draws a number from the seed and its two keys, by whole-number arithmetic that is the same on
every machine. Of all results with the same worth, the one with the largest sum of lots is taken; so it
doesn't depend on the method, nor (where keys are given) on the order of the rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from .arrays import EXACT, Flags, Floats, Ints
from .assignment import Assignment, assign
from .problem import most_placeable

Words = NDArray[np.uint64]


def lots(seed: int, rows: Ints, columns: Ints, bits: int) -> Floats:
    """A number from 1 to 2**bits for each pair of keys."""
    row_words = _mixed(rows.astype(np.uint64) ^ _mixed(np.array([seed % 2**64], dtype=np.uint64)))
    column_words = _mixed(columns.astype(np.uint64) + np.uint64(0xD1B54A32D192ED03))
    drawn = _mixed(row_words[:, None] + column_words[None, :]) >> np.uint64(64 - bits)
    return drawn.astype(np.float64) + 1


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
    """The optimal assignment that the lots choose, and per row whether it was drawn at all.

    All optimal assignments differ by exchanges along cycles of tight pairs (worth = the row's gain + the
    column's price). So only the strongly connected parts of the graph of possible exchanges are decided anew.
    """
    mentor_of, prices = found.mentor_of.copy(), found.prices.astype(np.float64)
    gains = _gains(worth, mentor_of, prices)
    tight = (worth > 0) & (worth == gains[:, None] + prices[None, :])
    part_of, parts = _exchangeable(tight, gains, prices, mentor_of, capacity)
    rows = len(worth)
    for part in parts:
        ours = np.flatnonzero(part_of[:rows] == part)
        theirs = np.flatnonzero(part_of[rows:-1] == part)
        outside = mentor_of.copy()
        outside[ours] = -1
        taken = np.bincount(outside[outside >= 0], minlength=len(capacity))
        left = (capacity - taken)[theirs]
        needed = (gains[ours] > 0)[:, None].astype(np.float64) + (prices[theirs] > 0)[None, :]
        drawn = _weighed(tight[np.ix_(ours, theirs)], needed, left, seed, row_keys[ours], column_keys[theirs])
        chosen = assign(drawn, left).mentor_of
        mentor_of[ours] = np.where(chosen >= 0, theirs[np.maximum(chosen, 0)], -1)
    return mentor_of, np.isin(part_of[:rows], parts)


def _gains(worth: Floats, mentor_of: Ints, prices: Floats) -> Floats:
    """What each row keeps of its pair's worth after the price; 0 for who has none."""
    placed = np.flatnonzero(mentor_of >= 0)
    gains = np.zeros(len(worth))
    gains[placed] = worth[placed, mentor_of[placed]] - prices[mentor_of[placed]]
    return gains


def _exchangeable(
    tight: Flags, gains: Floats, prices: Floats, mentor_of: Ints, capacity: Ints
) -> tuple[Ints, Ints]:
    """The part of each row, each column and "nowhere" in the graph of exchanges that cost nothing, and
    those parts in which there is a choice."""
    rows, columns = tight.shape
    nowhere = rows + columns
    row, column = np.nonzero(tight)
    used = mentor_of[row] == column
    filled = np.bincount(mentor_of[mentor_of >= 0], minlength=columns)
    leave = np.flatnonzero((gains == 0) & (mentor_of >= 0))
    stay_out = np.flatnonzero(mentor_of < 0)
    spare = np.flatnonzero(filled < capacity)
    release = np.flatnonzero((filled > 0) & (prices == 0))
    start = [row[~used], rows + column[used], leave, np.full(len(stay_out), nowhere)]
    end = [rows + column[~used], row[used], np.full(len(leave), nowhere), stay_out]
    start += [rows + spare, np.full(len(release), nowhere)]
    end += [np.full(len(spare), nowhere), rows + release]
    tails, heads = np.concatenate(start), np.concatenate(end)
    graph = csr_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(nowhere + 1, nowhere + 1))
    count, part_of = connected_components(graph, directed=True, connection="strong")
    has_rows = np.bincount(part_of[:rows], minlength=count) > 0
    has_columns = np.bincount(part_of[rows:nowhere], minlength=count) > 0
    return part_of.astype(np.int64), np.flatnonzero(has_rows & has_columns)


def _weighed(
    allowed: Flags, needed: Floats, capacity: Ints, seed: int, row_keys: Ints, column_keys: Ints
) -> Floats:
    """Lots where a pair is allowed, with a bonus for each side that every optimal assignment fills.

    The bonus outweighs all lots together, and as many bits are drawn as keep the sums exact.
    """
    placeable = max(most_placeable(len(row_keys), capacity), 1)
    bits = EXACT.bit_length() - 2 - ((2 * placeable + 2) * (2 * placeable + 4)).bit_length()
    bonus = placeable * 2**bits + 1
    return np.where(allowed, lots(seed, row_keys, column_keys, bits) + bonus * needed, 0.0)
