"""Where the time for circles is short: a good choice all the same, and nothing claimed that isn't known."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from matching.engine import (
    CircleProblem,
    InvalidProblem,
    OutOfTime,
    RunningCircle,
    prove_circles,
    solve_circles,
)

from .engine_brute_force import ranks
from .engine_instances import circle_problems

quick = settings(max_examples=60, deadline=None)


def scheme(mentees, mentors, leads, seed=3, **changes):
    """A third want a circle, a third a mentor, a third either; every other mentor has a place."""
    rng = np.random.default_rng(seed)
    shares = rng.random((mentees, 12)) < 0.35
    circles = np.zeros(mentors, dtype=int)
    circles[rng.choice(mentors, leads, replace=False)] = 1
    pathway = rng.integers(0, 3, mentees)
    return CircleProblem(
        shares * (10_000 // np.maximum(shares.sum(axis=1), 1))[:, None],
        rng.random((mentors, 12)) < 0.4,
        rng.integers(0, 2, mentors),
        circles,
        pathway != 0,
        pathway != 1,
        forbidden=np.argwhere(rng.random((mentees, mentors)) < 0.05),
        **changes,
    )


def without_new_circles(problem):
    """Pairs, and circles that meet already and needn't grow to go on."""
    running = [circle for circle in problem.running if circle.members >= problem.sizes[0]]
    return replace(problem, circles=np.zeros_like(problem.circles), running=running)


def proved(problem, solution):
    """Raises InvalidProblem if a rule, size, seat or locked place isn't kept."""
    return prove_circles(problem, solution.pairs, solution.circles, solution.duals)


def tied(**changes):
    """Two leads with a locked member each, two more people, and circles of two."""
    arguments = {
        "wants": np.ones((4, 1)),
        "offers": [[1], [1]],
        "capacity": [0, 0],
        "circles": [1, 1],
        "one_to_one": [0] * 4,
        "in_circle": [1] * 4,
        "sizes": (2, 2),
        "locked_members": [(0, 0), (1, 1)],
    }
    return CircleProblem(**arguments | changes)


@pytest.mark.clause("BM-7")
@given(problem=circle_problems())
@settings(max_examples=150, deadline=None)
def test_without_any_time_the_choice_keeps_every_rule_and_places_no_fewer_than_no_new_circle(problem):
    best = ranks(problem)
    if best is None:
        with pytest.raises((InvalidProblem, OutOfTime)):
            solve_circles(problem, time_limit=0)
        return

    solution = solve_circles(problem, time_limit=0)

    proof = proved(problem, solution)
    with suppress(InvalidProblem):
        none_new = ranks(without_new_circles(problem))
        assert none_new is None or (solution.placed, solution.total) >= none_new[0]
    assert (solution.placed, solution.total) <= best[0]
    assert solution.most_placed >= best[0][0]
    assert solution.placed < best[0][0] or solution.upper_bound >= best[0][1]
    assert not solution.optimal or (solution.placed, solution.total) == best[0]
    assert proof.placed == solution.placed


@pytest.mark.clause("BM-7")
@given(problem=circle_problems(facilitators=(2, 2), most_circles=1))
@quick
def test_two_facilitators_are_given_without_any_time_too(problem):
    best = ranks(problem)
    if best is None:
        return

    with suppress(OutOfTime):
        solution = solve_circles(problem, time_limit=0)
        proved(problem, solution)
        assert (solution.placed, solution.total) <= best[0]


def test_without_any_time_locked_members_are_given_their_circles():
    solution = solve_circles(tied(), time_limit=0)

    assert [circle.facilitators for circle in solution.circles] == [(0,), (1,)]
    assert solution.placed == 4


def test_circles_that_meet_already_are_filled_without_any_time():
    problem = tied(running=[RunningCircle((0,), 1)], circles=[0, 1], locked_members=[])

    assert solve_circles(problem, time_limit=0).placed == 3


@pytest.mark.parametrize(
    "changes", [{"sizes": (4, 8)}, {"sizes": (3, 6)}, {"sizes": (5, 8), "facilitators": (2, 2)}]
)
def test_four_hundred_people_are_placed_as_well_as_can_be_without_any_time(changes):
    problem = scheme(400, 180, 25, **changes)

    solution = solve_circles(problem, time_limit=0)

    assert (solution.placed, proved(problem, solution).placed) == (solution.most_placed, solution.placed)


def test_of_a_large_scheme_the_circles_are_decided_on_the_best_fits_and_the_gap_is_stated():
    problem = scheme(700, 330, 160, sizes=(6, 8))

    solution = solve_circles(problem, time_limit=3)

    proof = proved(problem, solution)
    assert solution.placed >= 0.95 * solution.most_placed
    assert (proof.most_placed, proof.upper_bound) >= (solution.most_placed, solution.upper_bound)
    assert solution.optimal == (
        (solution.placed, solution.total) == (solution.most_placed, solution.upper_bound)
    )


@pytest.mark.parametrize("time_limit", [0, 1e-9, 0.005, 0.02])
def test_a_finished_result_is_given_where_the_time_is_over_before_the_comparison(time_limit):
    problem = scheme(45, 22, 12, sizes=(3, 8), locked_members=[])
    member, lead = 0, int(np.flatnonzero(problem.circles)[0])
    allowed = ~((problem.forbidden == (member, lead)).all(axis=1))
    locked = replace(
        problem, forbidden=problem.forbidden[allowed], forbidden_in_circles=(), locked_members=[(0, lead)]
    )

    solution = solve_circles(locked, time_limit=time_limit, compare=True)

    assert proved(locked, solution).placed == solution.placed
    assert solution.comparison.placed == solution.placed
    assert solution.comparison.smallest >= solution.smallest
