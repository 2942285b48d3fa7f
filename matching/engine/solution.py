"""What a run of the engine hands back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from .arrays import Ints, InvalidProblem


class Objective(StrEnum):
    """What decides once as many people as possible are placed: the sum of the fits, or first the smallest."""

    TOTAL = "total"
    FAIREST = "fairest"

    @property
    def other(self) -> Objective:
        return Objective.FAIREST if self is Objective.TOTAL else Objective.TOTAL


class Pathway(StrEnum):
    """The two ways to take part (BM-7)."""

    ONE_TO_ONE = "one_to_one"
    CIRCLE = "circle"


@dataclass(frozen=True)
class Progress:
    """Where a run stands; an exception raised by whoever is told of it stops the run."""

    step: str
    round: int
    placed: int
    seconds: float


Report: TypeAlias = Callable[[Progress], None]


@dataclass(frozen=True, eq=False)
class Solution:
    """A choice of pairs and the proof of how good it is.

    `pairs` are (mentee, mentor) rows by mentee, locked ones included; `total` and `smallest` (None without
    any pair) are of their fits. No choice that places as many has a total above `upper_bound`; `optimal`
    says that everything the objective asks for is proved. `prices` are duals per mentor: one more place there
    would add no more than that, where placing one more person counts `bonus`, and just that in a problem
    small enough to be solved as a table (there they're the least). `floor` is the smallest fit that the
    fairest choice admits, and `cover` what proves it (see `certificate.prove`). `drawn` are the mentees whose
    result was decided by lot among equally good ones: all of them, where it isn't known (a run that stopped
    at a gap, or more ties than `tiles.TIGHT_BUDGET`).
    """

    objective: Objective
    seed: int
    pairs: Ints
    placed: int
    total: int
    smallest: int | None
    upper_bound: int
    optimal: bool
    prices: Ints
    bonus: int
    floor: int | None
    cover: Ints | None
    drawn: Ints
    rounds: int
    seconds: float
    comparison: Solution | None = None

    @property
    def gap(self) -> float:
        """How far the total may be below the best one, as a share of the bound."""
        return (self.upper_bound - self.total) / self.upper_bound if self.upper_bound > self.total else 0.0


def chosen_objective(objective: str) -> Objective:
    try:
        return Objective(objective)
    except ValueError:
        raise InvalidProblem(f"The objective must be “total” or “fairest”, not “{objective}”.") from None


def check_choices(seed: int, gap: float) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InvalidProblem("The seed must be a whole number, not below zero.")
    if isinstance(gap, bool) or not isinstance(gap, int | float | np.number) or not 0 <= gap < 1:
        raise InvalidProblem("The gap must be a share from 0 up to 1.")
