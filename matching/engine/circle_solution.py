"""What a run over both pathways hands back, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass

from .arrays import Ints, InvalidProblem
from .solution import Objective, Pathway


@dataclass(frozen=True)
class Circle:
    """A circle that is to run: its facilitators (the first one leads), who joins it, and its number among
    the running ones if it meets already."""

    facilitators: tuple[int, ...]
    members: tuple[int, ...]
    running: int | None


@dataclass(frozen=True, eq=False)
class CirclePrices:
    """Whole numbers that bound what any choice could reach, in shares of 1/`scale`.

    `mentees` are what each mentee's being placed uses up, `leading` what leading a circle uses up of each
    mentor (0 unless circles need two facilitators), `placing` what every placing counts beside its fit.
    Where that leaves a gap, `cases` bound better.
    """

    scale: int
    mentees: Ints
    leading: Ints
    placing: int = 0
    cases: Cases | None = None


@dataclass(frozen=True, eq=False)
class Cases:
    """Two cases of which one must hold, each with prices of its own: of the circles that `lead` leads, those
    of the running one with that number (or else its new ones; where circles are decided one by one, the one
    with that `ordinal`), at most `at` run, or more do."""

    lead: int
    running: int | None
    ordinal: int
    at: int
    fewer: CirclePrices
    more: CirclePrices


@dataclass(frozen=True, eq=False)
class CircleDuals:
    """What proves a result without solving again (see `prove_circles`): prices that bound how many can be
    placed, prices that bound the total of so many, and for the fairest choice prices that bound how many
    could be placed with every fit above its floor. `plain_duals` makes plain data of them."""

    most: CirclePrices
    total: CirclePrices
    above: CirclePrices | None = None


@dataclass(frozen=True)
class CircleProof:
    """What pairs and circles amount to, and how much whole numbers prove about them.

    No choice places more than `most_placed`, and none that places exactly as many has a total above
    `upper_bound`. `is_fairest` says that no choice of as many has a higher floor, where one was claimed.
    """

    placed: int
    total: int
    smallest: int | None
    most_placed: int
    upper_bound: int
    is_fairest: bool = True

    @property
    def gap(self) -> float:
        """How far the total may be below the best one of as many, as a share of the bound."""
        return (self.upper_bound - self.total) / self.upper_bound if self.upper_bound > self.total else 0.0

    @property
    def optimal(self) -> bool:
        """Whether all of it is proved: nobody more can be placed, nor the same number better."""
        reached = (self.placed, self.total) == (self.most_placed, self.upper_bound)
        return reached and self.is_fairest


@dataclass(frozen=True, eq=False)
class CircleSolution:
    """A choice of pairs and circles and how good it is known to be.

    `pairs` are (mentee, mentor) rows of one-to-one, `circles` those that get members; `placed`, `total` and
    `smallest` are over both, locked places included.

    Two verdicts stand side by side. `most_placed`, `upper_bound`, `optimal` and `gap` rest on the word of
    HiGHS, which bounds in floating point which circles should open: no choice places more than `most_placed`,
    none that places as many has a total above `upper_bound`, and where `optimal` holds both are reached (and
    `floor`, the smallest fit that the fairest choice admits, can't be higher). `proof` says what whole
    numbers prove, from `duals`, and `prove_circles` finds it again without solving; it is usually the same, and
    weaker where time or the number of cases ran out. Both are None if they weren't wanted.

    `drawn` are the mentees whose result was decided by lot among equally good ones with the same circles.
    """

    objective: Objective
    pathway: Pathway | None
    seed: int
    pairs: Ints
    circles: tuple[Circle, ...]
    placed: int
    total: int
    smallest: int | None
    most_placed: int
    upper_bound: int
    optimal: bool
    floor: int | None
    drawn: Ints
    rounds: int
    seconds: float
    duals: CircleDuals | None = None
    proof: CircleProof | None = None
    comparison: CircleSolution | None = None

    @property
    def gap(self) -> float:
        """How far the total may be below the best one, as a share of the bound, on the word of HiGHS."""
        return (self.upper_bound - self.total) / self.upper_bound if self.upper_bound > self.total else 0.0

    @property
    def proved_bound(self) -> int | None:
        """No choice of as many has a total above this: proved by whole numbers."""
        return None if self.proof is None else self.proof.upper_bound

    @property
    def proved_gap(self) -> float | None:
        """How far the total may be below the best one of as many, proved by whole numbers."""
        return None if self.proof is None else self.proof.gap


def chosen_pathway(pathway: str | None) -> Pathway | None:
    try:
        return None if pathway is None else Pathway(pathway)
    except ValueError:
        raise InvalidProblem(f"The pathway must be “one_to_one” or “circle”, not “{pathway}”.") from None
