"""Invented programmes of any size, the same for every solver: a seed gives the same people each time.

As many places as mentees, spread over about half as many mentors, who have one to three each. The fit of a pair is a
whole number from 0 to 10,000 and the sum of five parts:

- sectors (3,000) and areas of support (3,000): the share of what the mentee wants that the mentor has;
- course (1,500) and country (1,500): half for the same group or region, all for the very same;
- level (1,000): by how far the mentor is ahead.

What is common is wanted by many: sectors, courses and countries are drawn with falling weights. Two kinds of pairs are
forbidden: people with the same manager (about 40 mentees for each mentor, fewer below 800) and two declared conflicts
for each mentee.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

SEED = 20_260_114
SECTORS, AREAS, COURSES, COUNTRIES, LEVELS, GROUPS = 20, 12, 30, 25, 4, 6
LARGE_PART, HALF_PART = 3_000, 750
LEVEL_FITS = np.array([[400, 1000, 800, 300], [0, 500, 1000, 700], [0, 200, 600, 1000], [0, 0, 300, 1000]])
"""What a mentee's level (row) makes of a mentor's."""

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Instance:
    """The four tables that `matching.engine.Problem` takes."""

    wants: Array
    offers: Array
    capacity: Array
    forbidden: Array

    def save(self, path: Path) -> None:
        np.savez(path, **vars(self))


def make(mentees: int, seed: int = SEED) -> Instance:
    """The instance with that many mentees."""
    draw = np.random.default_rng([seed, mentees])
    capacity = capacities(draw, mentees)
    mentors = len(capacity)
    shared = [_shares(draw, mentees, mentors, SECTORS, 3), _shares(draw, mentees, mentors, AREAS, 6)]
    shared += [_alike(draw, mentees, mentors, COURSES), _alike(draw, mentees, mentors, COUNTRIES)]
    shared.append(_levels(draw, mentees, mentors))
    wants, offers = (np.hstack(side).astype(np.int16) for side in zip(*shared, strict=True))
    forbidden = np.concatenate([_same_manager(draw, mentees, mentors), _conflicts(draw, mentees, mentors)])
    return Instance(wants, offers, capacity, np.unique(forbidden, axis=0))


def capacities(draw: np.random.Generator, places: int) -> Array:
    """One to three places per mentor until there are that many."""
    room = draw.integers(1, 4, size=places)
    reached = np.minimum(np.cumsum(room), places)
    return np.diff(reached[: np.searchsorted(reached, places) + 1], prepend=0)


def _shares(
    draw: np.random.Generator, mentees: int, mentors: int, kinds: int, most: int
) -> tuple[Array, Array]:
    wanted = some_of(draw, mentees, kinds, 4)
    each = LARGE_PART // wanted.sum(axis=1, keepdims=True)
    return wanted * each, some_of(draw, mentors, kinds, most)


def some_of(draw: np.random.Generator, people: int, kinds: int, most: int) -> Array:
    """From one to `most` different kinds per person, the common ones more often."""
    liking = np.log(_falling(kinds)) + draw.gumbel(size=(people, kinds))
    rank = (-liking).argsort(axis=1).argsort(axis=1)
    return rank < draw.integers(1, most + 1, size=(people, 1))


def _alike(draw: np.random.Generator, mentees: int, mentors: int, kinds: int) -> tuple[Array, Array]:
    """The same of several kinds, or at least of the same group of kinds."""
    group = draw.integers(0, GROUPS, size=kinds)
    mentee, mentor = (draw.choice(kinds, size=people, p=_falling(kinds)) for people in (mentees, mentors))
    same, related = np.eye(kinds, dtype=int), np.eye(GROUPS, dtype=int)[group]
    marks = np.hstack([same, related])
    return marks[mentee] * HALF_PART, marks[mentor]


def _levels(draw: np.random.Generator, mentees: int, mentors: int) -> tuple[Array, Array]:
    beginners = np.array([0.4, 0.3, 0.2, 0.1])
    mentee = draw.choice(LEVELS, size=mentees, p=beginners)
    mentor = draw.choice(LEVELS, size=mentors, p=beginners[::-1])
    return LEVEL_FITS[mentee], np.eye(LEVELS, dtype=int)[mentor]


def _same_manager(draw: np.random.Generator, mentees: int, mentors: int) -> Array:
    managers = max(20, mentees // 40)
    of_mentee, of_mentor = draw.integers(0, managers, size=mentees), draw.integers(0, managers, size=mentors)
    in_order = np.argsort(of_mentor, kind="stable")
    first, last = (np.searchsorted(of_mentor[in_order], of_mentee, side) for side in ("left", "right"))
    count = last - first
    mentee = np.repeat(np.arange(mentees), count)
    within = np.arange(len(mentee)) - np.repeat(np.cumsum(count) - count, count)
    return np.column_stack([mentee, in_order[first[mentee] + within]])


def _conflicts(draw: np.random.Generator, mentees: int, mentors: int) -> Array:
    pairs = 2 * mentees
    return np.column_stack([draw.integers(0, mentees, size=pairs), draw.integers(0, mentors, size=pairs)])


def _falling(kinds: int) -> Array:
    """Probabilities that fall with the kind's number, the last about a ninth of the first at twenty."""
    weights = np.arange(1, kinds + 1) ** -0.7
    return np.asarray(weights / weights.sum())
