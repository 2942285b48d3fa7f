"""A choice of pairs and circles is proved only if it keeps every rule; otherwise it is refused with a sentence."""

import numpy as np
import pytest

from matching.engine import (
    Circle,
    CircleDuals,
    CirclePrices,
    CircleProblem,
    InvalidProblem,
    RunningCircle,
    prove_circles,
)


def town_hall(**changes):
    """Nine mentees, two mentors with a place each, who can also lead a circle of 2 or 3; 0 leads one already."""
    arguments = {
        "wants": np.ones((9, 1)),
        "offers": [[10], [10], [10]],
        "capacity": [1, 1, 0],
        "circles": [1, 1, 0],
        "one_to_one": [1] * 8 + [0],
        "in_circle": [0] + [1] * 8,
        "sizes": (2, 3),
        "running": [RunningCircle((2, 1), 2)],
        "forbidden": [(1, 0)],
        "forbidden_in_circles": [(2, 1)],
        "locked": [(3, 1)],
        "locked_members": [(4, 0)],
    }
    return CircleProblem(**arguments | changes)


def as_chosen():
    return [(0, 0), (3, 1)], [
        Circle((0,), (4, 5), None),
        Circle((1,), (1, 6, 7), None),
        Circle((2, 1), (8,), 0),
    ]


def test_a_choice_that_keeps_every_rule_is_accepted():
    pairs, circles = as_chosen()

    proof = prove_circles(town_hall(), pairs, circles, trivial_duals())

    assert (proof.placed, proof.total) == (8, 80)


def trivial_duals():
    nothing = CirclePrices(1, np.zeros(9, dtype=np.int64), np.zeros(3, dtype=np.int64))
    return CircleDuals(nothing, nothing)


TOO_MANY = "A circle has too few or too many facilitators."
SIZE = "A circle is below its smallest size or above its largest."


@pytest.mark.parametrize(
    ("pairs", "circles", "sentence"),
    [
        ([(0, 0)], {}, "A locked pair is missing from the result."),
        ([(0, 0), (3, 1), (2, 1)], {}, "A mentor has more mentees than places."),
        ([(1, 0), (3, 1)], {1: Circle((1,), (6, 7), None)}, "A pair of the result is forbidden."),
        ([(0, 0), (3, 1), (5, 0)], {}, "A mentee is placed more than once."),
        ([(8, 0), (3, 1)], {2: None}, "A mentee is in a pair who wasn't to be placed one-to-one."),
        ([(0, 9), (3, 1)], {}, "The pairs name somebody who isn't in the problem."),
        (None, {0: None}, "A locked member is missing from the circles."),
        (None, {0: Circle((0,), (4,), None)}, SIZE),
        (None, {2: Circle((2, 1), (), 0)}, SIZE),
        (None, {1: Circle((1,), (1, 6, 7, 5), None), 0: Circle((0,), (4, 2), None)}, SIZE),
        (None, {1: Circle((1,), (1, 2), None)}, "A member is forbidden to be with a facilitator"),
        (None, {2: Circle((2, 1), (2,), 0)}, "A member is forbidden to be with a facilitator"),
        (
            [(3, 1)],
            {1: Circle((1,), (0, 1), None)},
            "A mentee is in a circle who wasn't to be placed in one.",
        ),
        (None, {1: Circle((0,), (1, 6), None)}, "Somebody leads more circles than they offered."),
        (None, {1: Circle((1, 1), (1, 6), None)}, TOO_MANY),
        (None, {1: Circle((), (1, 6), None)}, TOO_MANY),
        (None, {2: Circle((2,), (8,), 0)}, "A circle that meets already is given other facilitators."),
        (None, {2: Circle((2, 1), (8,), 1)}, "A circle of the result doesn't meet yet"),
        (None, {1: Circle((2, 1), (6,), 0)}, "A circle that meets already stands in the result twice."),
        (None, {1: Circle((-1,), (1, 6), None)}, "The members name somebody who isn't in the problem."),
    ],
)
def test_a_choice_that_breaks_a_rule_is_refused_with_a_sentence(pairs, circles, sentence):
    chosen, led = as_chosen()
    changed = [circles.get(number, circle) for number, circle in enumerate(led)]

    with pytest.raises(InvalidProblem) as refusal:
        prove_circles(
            town_hall(), chosen if pairs is None else pairs, [c for c in changed if c], trivial_duals()
        )

    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("pathway", "sentence"),
    [
        ("circle", "A mentee is in a pair who wasn't to be placed one-to-one."),
        ("one_to_one", "A mentee is in a circle who wasn't to be placed in one."),
    ],
)
def test_nobody_is_newly_placed_in_the_pathway_that_the_run_left_out(pathway, sentence):
    pairs, circles = as_chosen()

    with pytest.raises(InvalidProblem, match=sentence):
        prove_circles(town_hall(), pairs, circles, trivial_duals(), pathway=pathway)
