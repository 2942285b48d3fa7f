"""The one-to-one problem as arrays, checked once so that nothing after it needs to ask (EI-M, BM-8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import (
    BLOCK,
    EXACT,
    Ints,
    InvalidProblem,
    counts,
    index_pairs,
    keys,
    reach,
    sealed,
    whole_numbers,
)

__all__ = ["InvalidProblem", "Problem"]


@dataclass(frozen=True, eq=False, init=False)
class Problem:
    """Mentees, mentors with places, and the fit of each pair as a product of whole numbers.

    `wants` is (mentees, features), `offers` is (mentors, features): the fit of a pair is the product of
    its two rows. `capacity` is the number of places per mentor. `forbidden` and `locked` are (mentee,
    mentor) pairs: the first may not be, the second must be. `mentee_keys` and `mentor_keys` are numbers
    by which lots are drawn among equals; where they're given, the order of the rows has no influence.
    """

    wants: Ints
    offers: Ints
    capacity: Ints
    forbidden: Ints
    locked: Ints
    mentee_keys: Ints
    mentor_keys: Ints

    def __init__(
        self,
        wants: ArrayLike,
        offers: ArrayLike,
        capacity: ArrayLike,
        forbidden: ArrayLike = (),
        locked: ArrayLike = (),
        *,
        mentee_keys: ArrayLike | None = None,
        mentor_keys: ArrayLike | None = None,
    ) -> None:
        wanted, offered = feature_tables(wants, offers)
        n, m = len(wanted), len(offered)
        keep = object.__setattr__
        keep(self, "wants", wanted)
        keep(self, "offers", offered)
        keep(self, "capacity", counts(capacity, "The mentors' places", m))
        keep(self, "forbidden", index_pairs(forbidden, "The forbidden pairs", n, m))
        keep(self, "locked", index_pairs(locked, "The locked pairs", n, m))
        keep(self, "mentee_keys", keys(mentee_keys, "The mentees' keys", n))
        keep(self, "mentor_keys", keys(mentor_keys, "The mentors' keys", m))
        check_locked(self.locked, self.forbidden, self.capacity)
        lowest, highest = fit_limits(wanted, offered)
        placeable = most_placeable(n, self.capacity)
        check_exact(placeable, placed_bonus(placeable, lowest, highest) + highest)

    @property
    def mentees(self) -> int:
        return len(self.wants)

    @property
    def mentors(self) -> int:
        return len(self.offers)

    def fit(self, pairs: Ints) -> Ints:
        """The fit of each (mentee, mentor) row of `pairs`."""
        return pair_fits(self.wants, self.offers, pairs)


def feature_tables(wants: ArrayLike, offers: ArrayLike) -> tuple[Ints, Ints]:
    """Both tables with the same features; refuses fits that couldn't be calculated exactly."""
    wanted = whole_numbers(wants, "What the mentees want", 2)
    offered = whole_numbers(offers, "What the mentors offer", 2)
    if not len(wanted) or not len(offered):
        width = max(wanted.shape[1], offered.shape[1])
        wanted, offered = (_widened(table, width) for table in (wanted, offered))
    if wanted.shape[1] != offered.shape[1]:
        raise InvalidProblem(
            f"The mentees have {wanted.shape[1]} features and the mentors {offered.shape[1]}: "
            "they must have the same."
        )
    if reach(wanted, offered) > EXACT / 4:
        raise InvalidProblem("The fits are too large to be calculated exactly: use smaller weights.")
    return wanted, offered


def _widened(table: Ints, width: int) -> Ints:
    return table if len(table) else sealed(np.zeros((0, width), dtype=np.int64))


def fit_limits(wants: Ints, offers: Ints) -> tuple[int, int]:
    """Numbers that no fit lies below and none above, found without looking at any pair."""
    if not wants.size or not offers.size:
        return 0, 0
    least, most = offers.min(axis=0), offers.max(axis=0)
    up, down = np.maximum(wants, 0), np.minimum(wants, 0)
    return int((up @ least + down @ most).min()), int((up @ most + down @ least).max())


def most_placeable(mentees: int, capacity: Ints) -> int:
    """No more people than this can be placed, whatever is allowed."""
    seats: list[int] = np.minimum(capacity, mentees).tolist()
    return min(mentees, sum(seats))


def placed_bonus(placeable: int, lowest: int, highest: int) -> int:
    """What being placed is worth on top of the fit, so that one more person placed outweighs any fits.

    With c < `placeable` people placed the worth is at most c * (bonus + highest), with one more at least
    (c + 1) * (bonus + lowest); the bonus is a whole number for which the latter is always more.
    """
    return max(placeable - 1, 0) * (highest - lowest) - min(lowest, 0) + 1


def check_exact(placeable: int, largest_worth: int) -> None:
    """Refuses worths whose sums along any chain of exchanges could leave the exact range."""
    if (2 * placeable + 2) * largest_worth > EXACT:
        raise InvalidProblem(
            f"With {placeable:,} places to fill, the fits are too large for sums of them to stay exact: "
            "use smaller weights."
        )


def check_locked(locked: Ints, forbidden: Ints, capacity: Ints) -> None:
    """Refuses locked pairs that rules, places or one another rule out."""
    mentees = locked[:, 0]
    if len(np.unique(mentees)) != len(mentees):
        raise InvalidProblem("A mentee is locked to more than one mentor.")
    if len(shared_rows(locked, forbidden)):
        raise InvalidProblem("A locked pair is forbidden at the same time.")
    if (np.bincount(locked[:, 1], minlength=len(capacity)) > capacity).any():
        raise InvalidProblem("A mentor is locked to more mentees than there are places.")


def shared_rows(first: Ints, second: Ints) -> Ints:
    """The pairs that stand in both lists."""
    if not len(first) or not len(second):
        return first[:0]
    width = max(int(pairs[:, 1].max()) + 1 for pairs in (first, second))
    return first[np.isin(first @ (width, 1), second @ (width, 1))]


def pair_fits(wants: Ints, offers: Ints, pairs: Ints) -> Ints:
    fits = np.empty(len(pairs), dtype=np.int64)
    for start in range(0, len(pairs), BLOCK):
        mentee, mentor = pairs[start : start + BLOCK].T
        np.einsum("kd,kd->k", wants[mentee], offers[mentor], out=fits[start : start + BLOCK])
    return fits
