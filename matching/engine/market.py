"""What is left to choose once the locked pairs are kept, with one worth for "placed" and fit together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from .arrays import Floats, Ints, sorted_pairs
from .lots import queue
from .problem import Problem, fit_limits, most_placeable, placed_bonus
from .tiles import Survey


@dataclass(frozen=True, eq=False)
class Market:
    """The mentees who aren't locked, mentors with the places still free, and what each pair of them is worth.

    Both stand in an order drawn by lot, so that the order in which people came can't matter. The worth of an
    allowed pair is `bonus` + fit and at least 1; that of a forbidden pair, and of one that fits less than
    `floor`, is 0, the same as leaving both alone. So a forbidden pair never competes with a poor one.
    `forbidden` are pairs of places in `mentees` and `mentors`, sorted.
    """

    problem: Problem
    mentees: Ints
    mentors: Ints
    capacity: Ints
    bonus: int
    lowest: int
    highest: int
    forbidden: Ints
    floor: int | None = None

    @classmethod
    def of(cls, problem: Problem, seed: int | None = None) -> Self:
        """The whole market of a problem; without a seed in the problem's own order."""
        locked = problem.locked
        mentees, mentors = np.arange(problem.mentees), np.arange(problem.mentors)
        if seed is not None:
            mentees, mentors = queue(seed, problem.mentee_keys), queue(seed, problem.mentor_keys)
        free = mentees[~np.isin(mentees, locked[:, 0])]
        capacity = problem.capacity - np.bincount(locked[:, 1], minlength=problem.mentors)
        lowest, highest = fit_limits(problem.wants, problem.offers)
        bonus = placed_bonus(most_placeable(len(free), capacity), lowest, highest)
        forbidden = _renumbered(
            problem.forbidden, _places(free, problem.mentees), _places(mentors, problem.mentors)
        )
        return cls(problem, free, mentors, capacity[mentors], bonus, lowest, highest, forbidden)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.mentees), len(self.mentors)

    @property
    def seats(self) -> Ints:
        """Places that can be of use."""
        return np.minimum(self.capacity, len(self.mentees))

    def price_of_seats(self, prices: Ints) -> int:
        """What all of them cost, exact however large."""
        pairs = zip(self.seats.tolist(), prices.tolist(), strict=True)
        return sum(seats * price for seats, price in pairs)

    @cached_property
    def wants(self) -> Ints:
        return self.problem.wants[self.mentees]

    @cached_property
    def offers(self) -> Ints:
        return self.problem.offers[self.mentors]

    def part(self, rows: Ints, columns: Ints) -> Market:
        """Some of the mentees with some of the mentors; the rest of the worth stays as it is."""
        kept = _renumbered(self.forbidden, _places(rows, self.shape[0]), _places(columns, self.shape[1]))
        return replace(
            self,
            mentees=self.mentees[rows],
            mentors=self.mentors[columns],
            capacity=self.capacity[columns],
            forbidden=kept,
        )

    def above(self, floor: int) -> Market:
        return replace(self, floor=floor)

    def survey(self) -> Survey:
        """All pairs, a row for each mentee."""
        return Survey(self.wants, self.offers, self.forbidden, self.floor)

    def turned(self) -> Survey:
        """All pairs, a row for each mentor."""
        return Survey(self.offers, self.wants, sorted_pairs(self.forbidden[:, ::-1]), self.floor)

    def worth(self) -> Floats:
        """The table of all worths: whole numbers, exact in double precision since every partial sum is below
        2**53 (see `feature_tables`)."""
        worth: Floats = self.wants.astype(np.float64) @ self.offers.astype(np.float64).T
        low = None if self.floor is None else worth < self.floor
        worth += self.bonus
        if low is not None:
            worth[low] = 0
        worth[self.forbidden[:, 0], self.forbidden[:, 1]] = 0
        return worth

    def pairs(self, mentor_of: Ints) -> Ints:
        """The locked pairs and those chosen (`mentor_of` per mentee, -1 for none), by mentee."""
        placed = mentor_of >= 0
        chosen = np.column_stack([self.mentees[placed], self.mentors[mentor_of[placed]]])
        together = np.concatenate([self.problem.locked, chosen])
        return together[np.argsort(together[:, 0], kind="stable")]

    def by_mentor(self, prices: Ints) -> Ints:
        """Numbers per mentor in the order of the problem."""
        ordered = np.zeros(self.problem.mentors, dtype=np.int64)
        ordered[self.mentors] = prices
        return ordered


def _places(chosen: Ints, total: int) -> Ints:
    """Per number below `total` its place among those chosen, or -1."""
    places = np.full(total, -1, dtype=np.int64)
    places[chosen] = np.arange(len(chosen))
    return places


def _renumbered(pairs: Ints, row_places: Ints, column_places: Ints) -> Ints:
    rows, columns = row_places[pairs[:, 0]], column_places[pairs[:, 1]]
    kept = (rows >= 0) & (columns >= 0)
    return sorted_pairs(np.column_stack([rows[kept], columns[kept]]))
