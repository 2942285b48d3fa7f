"""What the engine accepts and refuses."""

import numpy as np
import pytest

from matching.engine import CircleProblem, InvalidProblem, Problem, RunningCircle, solve, solve_circles

WANTS, OFFERS, CAPACITY = [[1, 2], [3, 4], [5, 6]], [[1, 0], [0, 1]], [1, 2]

IMPOSSIBLE = {
    "a table that isn't one": ((WANTS, [1, 2], CAPACITY), "What the mentors offer must be a table"),
    "rows of unequal length": (([[1, 2], [3]], OFFERS, CAPACITY), "What the mentees want must have rows"),
    "different features": (([[1], [2]], OFFERS, CAPACITY), "The mentees have 1 features and the mentors 2"),
    "a missing number": (([[1, np.nan]], OFFERS, CAPACITY), "What the mentees want must be numbers, but"),
    "an infinite number": ((WANTS, [[1, np.inf]], [1]), "What the mentors offer must be numbers, but"),
    "a fraction": (([[1, 0.5]], OFFERS, CAPACITY), "What the mentees want must be whole numbers"),
    "words": (([["a", "b"]], OFFERS, CAPACITY), "What the mentees want must be numbers."),
    "nothing where a number belongs": (
        ([[1, None]], OFFERS, CAPACITY),
        "What the mentees want must be numbers.",
    ),
    "a number beyond exactness": (([[1, 2**60]], OFFERS, CAPACITY), "What the mentees want must stay below"),
    "a fit beyond exactness": (([[2**30, 0]], [[2**30, 0]], [1]), "The fits are too large"),
    "sums beyond exactness": (([[2**47]] * 9, [[0], [1]], [9, 9]), "With 9 places to fill, the fits are too"),
    "too few capacities": ((WANTS, OFFERS, [1]), "The mentors' places must be given for each of 2"),
    "a negative capacity": ((WANTS, OFFERS, [1, -1]), "The mentors' places can't be negative"),
    "half a place": ((WANTS, OFFERS, [1, 0.5]), "The mentors' places must be whole numbers"),
    "an unknown place": ((WANTS, OFFERS, [1, float("nan")]), "The mentors' places must be numbers, but"),
    "a forbidden stranger": ((WANTS, OFFERS, CAPACITY, [(3, 0)]), "The forbidden pairs name somebody who"),
    "a forbidden ghost": ((WANTS, OFFERS, CAPACITY, [(0, -1)]), "The forbidden pairs name somebody who"),
    "a forbidden trio": ((WANTS, OFFERS, CAPACITY, [(0, 1, 1)]), "The forbidden pairs must be pairs"),
    "a locked stranger": ((WANTS, OFFERS, CAPACITY, (), [(0, 2)]), "The locked pairs name somebody who"),
    "locked and forbidden": ((WANTS, OFFERS, CAPACITY, [(0, 1)], [(0, 1)]), "A locked pair is forbidden"),
    "locked over capacity": ((WANTS, OFFERS, CAPACITY, (), [(0, 0), (1, 0)]), "A mentor is locked to more"),
    "locked to two": ((WANTS, OFFERS, CAPACITY, (), [(0, 0), (0, 1)]), "A mentee is locked to more than one"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_impossible_input_is_refused_with_a_sentence(case):
    arguments, sentence = IMPOSSIBLE[case]

    with pytest.raises(InvalidProblem) as refusal:
        Problem(*arguments)

    assert str(refusal.value).startswith(sentence)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"objective": "kindest"}, "The objective must be “total” or “fairest”, not “kindest”."),
        ({"seed": -1}, "The seed must be a whole number, not below zero."),
        ({"seed": 1.5}, "The seed must be a whole number, not below zero."),
        ({"seed": float("nan")}, "The seed must be a whole number, not below zero."),
        ({"gap": "x"}, "The gap must be a share from 0 up to 1."),
        ({"gap": 1.0}, "The gap must be a share from 0 up to 1."),
        ({"gap": float("nan")}, "The gap must be a share from 0 up to 1."),
    ],
)
def test_an_impossible_way_of_solving_is_refused_with_a_sentence(choices, sentence):
    problem = Problem(WANTS, OFFERS, CAPACITY)

    with pytest.raises(InvalidProblem) as refusal:
        solve(problem, **choices)

    assert str(refusal.value) == sentence


def test_keys_by_which_lots_are_drawn_must_differ():
    with pytest.raises(InvalidProblem, match="The mentees' keys must differ from person to person"):
        Problem(WANTS, OFFERS, CAPACITY, mentee_keys=[7, 8, 7])


def circle_problem(**changes):
    arguments = {
        "wants": WANTS,
        "offers": OFFERS,
        "capacity": CAPACITY,
        "circles": [1, 0],
        "one_to_one": [1, 0, 1],
        "in_circle": [1, 1, 1],
        "sizes": (2, 3),
    }
    return CircleProblem(**arguments | changes)


IMPOSSIBLE_CIRCLES = {
    "sizes the wrong way round": (
        {"sizes": (4, 3)},
        "The sizes of a circle must be a smallest of at least 1",
    ),
    "a circle of nobody": ({"sizes": (0, 3)}, "The sizes of a circle must be a smallest of at least 1"),
    "three facilitators": ({"facilitators": (3, 3)}, "The engine forms circles with one or two facilitators"),
    "a pathway missing": ({"in_circle": [1, 1]}, "Who would join a circle must be given for each of 3"),
    "a maybe": ({"one_to_one": [1, 2, 0]}, "Who would go one-to-one must be yes or no"),
    "negative circles": ({"circles": [1, -1]}, "The circles that mentors can facilitate can't be negative"),
    "a circle that runs without anybody": (
        {"running": [RunningCircle((), 2)]},
        "A circle that meets already needs",
    ),
    "a stranger's circle": ({"running": [RunningCircle((2,), 2)]}, "A circle that meets already names"),
    "less than no members": (
        {"running": [RunningCircle((0,), -1)]},
        "A circle can't have fewer than no members",
    ),
    "locked to a forbidden circle": (
        {"locked_members": [(0, 0)], "forbidden": [(0, 0)]},
        "A locked member is forbidden to be with that facilitator",
    ),
    "locked to two circles": (
        {"locked_members": [(0, 0), (0, 1)], "circles": [1, 1]},
        "A mentee is locked to the circles of more than one facilitator",
    ),
    "locked twice": (
        {"locked": [(0, 1)], "locked_members": [(0, 0)]},
        "A mentee is locked to a mentor and to a",
    ),
    "locked to no circle": ({"locked_members": [(0, 1)]}, "A mentee is locked to the circle of somebody who"),
    "sums beyond exactness": ({"wants": [[2**46, 0]] * 3}, "With 3 places to fill, the fits are too large"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE_CIRCLES)
def test_impossible_circles_are_refused_with_a_sentence(case):
    changes, sentence = IMPOSSIBLE_CIRCLES[case]

    with pytest.raises(InvalidProblem) as refusal:
        circle_problem(**changes)

    assert str(refusal.value).startswith(sentence)


def test_a_locked_member_whose_circle_can_never_reach_its_size_is_refused():
    problem = circle_problem(locked_members=[(0, 0)], in_circle=[1, 0, 0])

    with pytest.raises(InvalidProblem, match=r"^The locked places can't all be kept"):
        solve_circles(problem)


def test_a_pathway_that_does_not_exist_is_refused():
    with pytest.raises(InvalidProblem, match="must be “one_to_one” or “circle”, not “both”"):
        solve_circles(circle_problem(), pathway="both")


@pytest.mark.parametrize("limit", [-1, float("nan")])
def test_an_impossible_time_limit_is_refused(limit):
    with pytest.raises(InvalidProblem, match="The time limit must be a number of seconds"):
        solve_circles(circle_problem(), time_limit=limit)


@pytest.mark.parametrize(
    ("mentees", "mentors"), [(0, 0), (0, 2), (3, 0)], ids=["nobody", "no mentee", "no mentor"]
)
def test_an_empty_problem_has_an_empty_best_result(mentees, mentors):
    problem = Problem(WANTS[:mentees], OFFERS[:mentors], CAPACITY[:mentors])

    solution = solve(problem, compare=True)

    assert solution.pairs.shape == (0, 2)
    assert (solution.placed, solution.total, solution.smallest) == (0, 0, None)
    assert (solution.upper_bound, solution.optimal, solution.comparison.optimal) == (0, True, True)


def test_an_empty_problem_with_circles_has_an_empty_best_result():
    problem = CircleProblem([], [], [], [], [], [])

    solution = solve_circles(problem, compare=True)

    assert (solution.pairs.shape, solution.circles) == ((0, 2), ())
    assert (solution.placed, solution.optimal) == (0, True)


def test_what_the_caller_does_to_its_arrays_later_does_not_reach_the_problem():
    wants = np.array(WANTS)
    problem = Problem(wants, OFFERS, CAPACITY)

    wants[:] = 0

    assert problem.wants.tolist() == WANTS
    assert not problem.wants.flags.writeable


def test_whole_numbers_in_floating_point_are_as_good():
    problem = Problem(np.array(WANTS, dtype=np.float32), np.array(OFFERS, dtype=bool), [1.0, 2.0])

    assert problem.fit(np.array([[2, 1]])).tolist() == [6]
