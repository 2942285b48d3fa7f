"""What is left to choose once the locked pairs are kept, with one worth for "placed" and fit together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from .arrays import Floats, Ints
from .problem import Problem, fit_limits, most_placeable, placed_bonus


@dataclass(frozen=True, eq=False)
class Market:
    """The mentees who aren't locked, the places still free, and what each pair of them is worth.

    The worth of an allowed pair is `bonus` + fit and at least 1; that of a forbidden pair is 0, the same
    as leaving both alone. So a forbidden pair never competes with a poor one.
    """

    problem: Problem
    mentees: Ints
    capacity: Ints
    bonus: int
    forbidden: Ints

    @classmethod
    def of(cls, problem: Problem) -> Self:
        locked = problem.locked
        free = np.setdiff1d(np.arange(problem.mentees), locked[:, 0])
        capacity = problem.capacity - np.bincount(locked[:, 1], minlength=problem.mentors)
        lowest, highest = fit_limits(problem.wants, problem.offers)
        bonus = placed_bonus(most_placeable(len(free), capacity), lowest, highest)
        rows = np.searchsorted(free, problem.forbidden[:, 0])
        kept = np.isin(problem.forbidden[:, 0], free)
        return cls(problem, free, capacity, bonus, np.column_stack([rows, problem.forbidden[:, 1]])[kept])

    def worth(self, start: int = 0, stop: int | None = None, floor: int | None = None) -> Floats:
        """Worths of the free mentees `start` to `stop` with every mentor.

        Fits below `floor` count as forbidden. All are whole numbers, exact in double precision since every
        partial sum is below 2**53 (see `feature_tables`).
        """
        stop = len(self.mentees) if stop is None else stop
        wants = self.problem.wants[self.mentees[start:stop]].astype(np.float64)
        worth: Floats = wants @ self._offers
        low = None if floor is None else worth < floor
        worth += self.bonus
        if low is not None:
            worth[low] = 0
        first, last = np.searchsorted(self.forbidden[:, 0], [start, stop])
        block = self.forbidden[first:last]
        worth[block[:, 0] - start, block[:, 1]] = 0
        return worth

    @cached_property
    def _offers(self) -> Floats:
        return self.problem.offers.astype(np.float64).T

    def pairs(self, mentor_of: Ints) -> Ints:
        """The locked pairs and those chosen (`mentor_of` per free mentee, -1 for none), by mentee."""
        placed = mentor_of >= 0
        chosen = np.column_stack([self.mentees[placed], mentor_of[placed]])
        together = np.concatenate([self.problem.locked, chosen])
        return together[np.argsort(together[:, 0], kind="stable")]
