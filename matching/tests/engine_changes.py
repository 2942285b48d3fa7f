"""Small problems in which a change matters, for tests."""

import numpy as np
from hypothesis import settings

from matching.engine import (
    CircleProblem,
    Effect,
    Pathway,
    Problem,
    solve_circles,
)

from .engine_circle_choices import best_of

ONE_TO_ONE, CIRCLE = Pathway.ONE_TO_ONE, Pathway.CIRCLE
NOTHING = Effect(0, 0, (), (), ())
NAMES = {ONE_TO_ONE: "pair", CIRCLE: "circle"}
quick = settings(max_examples=50, deadline=None)
few = settings(max_examples=25, deadline=None)


def short(**changes):
    """Three mentees and two mentors with one place each: 2 is left out, 0 fits with both."""
    arguments = {
        "wants": [[9, 8], [0, 7], [0, 1]],
        "offers": [[1, 0], [0, 1]],
        "capacity": [1, 1],
    }
    return Problem(**arguments | changes)


def either(mentees=5, **changes):
    """Mentees who would take either; one mentor with a place, who can also open a circle of 3 or 4."""
    arguments = {
        "wants": np.arange(1, mentees + 1)[:, None],
        "offers": [[10]],
        "capacity": [1],
        "circles": [1],
        "one_to_one": [1] * mentees,
        "in_circle": [1] * mentees,
        "sizes": (3, 4),
    }
    return CircleProblem(**arguments | changes)


def hard_to_prove():
    """Twelve people for four circles of five or six: which two of them run takes a search."""
    fits = np.random.default_rng(2).integers(1, 90, (12, 4))
    return CircleProblem(fits, np.eye(4), [0] * 4, [1] * 4, [0] * 12, [1] * 12, sizes=(5, 6))


def with_circles(problem):
    """The result, or None where the locked places can't be kept."""
    return None if best_of(problem) is None else solve_circles(problem)
