"""Circles and pairs as one problem, so that who would take either is placed once (BM-7, BM-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Flags, Ints, InvalidProblem, counts, flags, index_pairs, keys
from .problem import (
    check_exact,
    check_locked,
    feature_tables,
    fit_limits,
    pair_fits,
    placed_bonus,
    shared_rows,
)


@dataclass(frozen=True)
class RunningCircle:
    """A circle that meets already: its facilitators (the first one leads) and how many members it has.

    It takes newcomers up to the largest size. Below the smallest size it takes as many as it needs or none.
    """

    facilitators: tuple[int, ...]
    members: int


@dataclass(frozen=True, eq=False, init=False)
class CircleProblem:
    """Who looks for a mentor, a circle or either, and who offers what.

    `wants`, `offers`, `capacity`, `forbidden` and `locked` are as in `Problem`, for one-to-one.
    `circle_wants`, `circle_offers` and `forbidden_in_circles` are the same for circles, which may have
    weights and rules of their own; those that aren't given are the ones of pairs.
    `one_to_one` and `in_circle` say which pathways each mentee would take, `circles` how many new circles
    each mentor can facilitate. `sizes` are the fewest and most members of a circle, `facilitators` the
    fewest and most who lead it: the engine gives a new circle the fewest, so 1 unless 2 are demanded, and
    the rest is for the office to add. A member's fit is that with the circle's first facilitator. Pairs
    forbidden in circles may not be as member and any facilitator of one circle. `locked_members` are (mentee,
    facilitator) pairs: the mentee must be in a circle that the facilitator leads. `running` are circles
    that meet already. A mentor may take part in both pathways.
    """

    wants: Ints
    offers: Ints
    capacity: Ints
    circles: Ints
    one_to_one: Flags
    in_circle: Flags
    sizes: tuple[int, int]
    facilitators: tuple[int, int]
    running: tuple[RunningCircle, ...]
    forbidden: Ints
    locked: Ints
    locked_members: Ints
    mentee_keys: Ints
    mentor_keys: Ints
    circle_wants: Ints
    circle_offers: Ints
    forbidden_in_circles: Ints

    def __init__(
        self,
        wants: ArrayLike,
        offers: ArrayLike,
        capacity: ArrayLike,
        circles: ArrayLike,
        one_to_one: ArrayLike,
        in_circle: ArrayLike,
        *,
        sizes: tuple[int, int] = (3, 8),
        facilitators: tuple[int, int] = (1, 2),
        running: Sequence[RunningCircle] = (),
        forbidden: ArrayLike = (),
        locked: ArrayLike = (),
        locked_members: ArrayLike = (),
        mentee_keys: ArrayLike | None = None,
        mentor_keys: ArrayLike | None = None,
        circle_wants: ArrayLike | None = None,
        circle_offers: ArrayLike | None = None,
        forbidden_in_circles: ArrayLike | None = None,
    ) -> None:
        wanted, offered = feature_tables(wants, offers)
        n, m = len(wanted), len(offered)
        keep = object.__setattr__
        keep(self, "wants", wanted)
        keep(self, "offers", offered)
        keep(self, "capacity", counts(capacity, "The mentors' places", m))
        keep(self, "circles", counts(circles, "The circles that mentors can facilitate", m))
        keep(self, "one_to_one", flags(one_to_one, "Who would go one-to-one", n))
        keep(self, "in_circle", flags(in_circle, "Who would join a circle", n))
        keep(self, "sizes", _range(sizes, "The sizes of a circle"))
        keep(self, "facilitators", _range(facilitators, "The facilitators of a circle"))
        keep(self, "running", tuple(running))
        keep(self, "forbidden", index_pairs(forbidden, "The forbidden pairs", n, m))
        keep(self, "locked", index_pairs(locked, "The locked pairs", n, m))
        keep(self, "locked_members", index_pairs(locked_members, "The locked members", n, m))
        keep(self, "mentee_keys", keys(mentee_keys, "The mentees' keys", n))
        keep(self, "mentor_keys", keys(mentor_keys, "The mentors' keys", m))
        wanted, offered = _circle_tables(self, circle_wants, circle_offers)
        keep(self, "circle_wants", wanted)
        keep(self, "circle_offers", offered)
        barred = forbidden if forbidden_in_circles is None else forbidden_in_circles
        keep(self, "forbidden_in_circles", index_pairs(barred, "The pairs forbidden in circles", n, m))
        self._check()

    @property
    def mentees(self) -> int:
        return len(self.wants)

    @property
    def mentors(self) -> int:
        return len(self.offers)

    def fit(self, pairs: Ints) -> Ints:
        """The fit one-to-one of each (mentee, mentor) row of `pairs`."""
        return pair_fits(self.wants, self.offers, pairs)

    def circle_fit(self, pairs: Ints) -> Ints:
        """The fit in a circle of each (mentee, first facilitator) row of `pairs`."""
        return pair_fits(self.circle_wants, self.circle_offers, pairs)

    @property
    def fit_limits(self) -> tuple[int, int]:
        """Numbers that no fit in either pathway lies below and none above."""
        pairs, circles = (
            fit_limits(self.wants, self.offers),
            fit_limits(self.circle_wants, self.circle_offers),
        )
        return min(pairs[0], circles[0]), max(pairs[1], circles[1])

    def _check(self) -> None:
        if self.facilitators[0] > 2:
            raise InvalidProblem("The engine forms circles with one or two facilitators, not more.")
        for circle in self.running:
            _check_running(circle, self.mentors)
        check_locked(self.locked, self.forbidden, self.capacity)
        self._check_locked_members()
        lowest, highest = self.fit_limits
        worth = placed_bonus(self.mentees, lowest, highest) + highest
        check_exact(self.mentees, (2 * self.mentees + 4) * worth)

    def _check_locked_members(self) -> None:
        members = self.locked_members[:, 0]
        if len(np.unique(members)) != len(members):
            raise InvalidProblem("A mentee is locked to the circles of more than one facilitator.")
        if np.isin(members, self.locked[:, 0]).any():
            raise InvalidProblem("A mentee is locked to a mentor and to a circle at once.")
        if len(shared_rows(self.locked_members, self.forbidden_in_circles)):
            raise InvalidProblem("A locked member is forbidden to be with that facilitator.")
        leads = self.circles > 0
        leads[[circle.facilitators[0] for circle in self.running]] = True
        if not leads[self.locked_members[:, 1]].all():
            raise InvalidProblem("A mentee is locked to the circle of somebody who can't facilitate one.")


def _circle_tables(
    problem: CircleProblem, wants: ArrayLike | None, offers: ArrayLike | None
) -> tuple[Ints, Ints]:
    """The feature tables of circles; those of pairs where none are given."""
    if wants is None and offers is None:
        return problem.wants, problem.offers
    wanted, offered = feature_tables(
        problem.wants if wants is None else wants, problem.offers if offers is None else offers
    )
    if (len(wanted), len(offered)) != (problem.mentees, problem.mentors):
        raise InvalidProblem(
            "The features for circles must be of the same mentees and mentors as the others."
        )
    return wanted, offered


def _range(limits: tuple[int, int], what: str) -> tuple[int, int]:
    fewest, most = (int(limit) for limit in counts(list(limits), what, 2))
    if not 1 <= fewest <= most:
        raise InvalidProblem(f"{what} must be a smallest of at least 1 and a largest not below it.")
    return fewest, most


def _check_running(circle: RunningCircle, mentors: int) -> None:
    if not circle.facilitators:
        raise InvalidProblem("A circle that meets already needs a facilitator.")
    if not all(0 <= mentor < mentors for mentor in circle.facilitators):
        raise InvalidProblem("A circle that meets already names a facilitator who isn't in the problem.")
    if circle.members < 0:
        raise InvalidProblem("A circle can't have fewer than no members.")
