"""Circles and pairs in one run: sizes, facilitators, locked places, and everybody placed once."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    Circle,
    CircleProblem,
    InvalidProblem,
    Problem,
    RunningCircle,
    solve,
    solve_circles,
)

from .engine_brute_force import ranks
from .engine_instances import circle_problems, problems, town

quick = settings(max_examples=40, deadline=None)


def members_of(solution):
    return [(member, circle.facilitators[0]) for circle in solution.circles for member in circle.members]


def staff_scheme(seed, *, forbidden=0.1, sizes=(3, 8), facilitators=(1, 2), leads=12):
    """22 mentors, 45 mentees, of whom a third want a circle, a third a mentor, and a third either."""
    rng = np.random.default_rng(seed)
    shares = rng.random((45, 6)) < 0.45
    wants = shares * (10_000 // np.maximum(shares.sum(axis=1), 1))[:, None]
    circles = np.zeros(22, dtype=int)
    circles[rng.choice(22, leads, replace=False)] = 1
    pathway = rng.integers(0, 3, 45)
    return CircleProblem(
        wants,
        rng.random((22, 6)) < 0.5,
        rng.integers(0, 3, 22),
        circles,
        pathway != 0,
        pathway != 1,
        sizes=sizes,
        facilitators=facilitators,
        forbidden=np.argwhere(rng.random((45, 22)) < forbidden),
    )


def simple(mentees, **changes):
    """So many mentees who'd take either; one mentor with one place, who can also open a circle of 3 or 4."""
    arguments = {
        "wants": np.ones((mentees, 1)),
        "offers": [[10]],
        "capacity": [1],
        "circles": [1],
        "one_to_one": [1] * mentees,
        "in_circle": [1] * mentees,
        "sizes": (3, 4),
    }
    return CircleProblem(**arguments | changes)


@pytest.mark.clause("BM-7")
@given(problem=circle_problems(), seed=st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_most_people_are_placed_over_both_pathways_and_then_the_total_is_the_largest(problem, seed):
    best = ranks(problem)

    if best is None:
        with pytest.raises(InvalidProblem, match="The locked places can't all be kept"):
            solve_circles(problem, seed=seed)
        return
    solution = solve_circles(problem, seed=seed)

    assert (solution.placed, solution.total) == best[0]
    assert (solution.most_placed, solution.upper_bound, solution.optimal) == (*best[0], True)


@pytest.mark.clause("BM-7")
@given(problem=circle_problems())
@quick
def test_the_fairest_choice_with_circles_is_the_fairest_that_exists(problem):
    best = ranks(problem)
    if best is None:
        return

    solution = solve_circles(problem, objective="fairest")

    fixed = {*problem.locked[:, 0].tolist(), *problem.locked_members[:, 0].tolist()}
    pairs = [
        pair for pair in (*map(tuple, solution.pairs.tolist()), *members_of(solution)) if pair[0] not in fixed
    ]
    fits = problem.fit(np.array(pairs, dtype=np.int64).reshape(-1, 2)).tolist()
    assert (solution.placed, min(fits, default=float("inf")), solution.total) == best[1]
    assert solution.optimal


@pytest.mark.clause("BM-7")
@given(problem=circle_problems(facilitators=(2, 2), most_circles=1))
@quick
def test_two_facilitators_for_each_circle_are_the_best_that_exist(problem):
    best = ranks(problem)
    if best is None:
        return

    solution = solve_circles(problem)

    assert (solution.placed, solution.total, solution.optimal) == (*best[0], True)
    load = Counter(mentor for circle in solution.circles for mentor in circle.facilitators)
    assert {len(set(circle.facilitators)) for circle in solution.circles} <= {2}
    assert all(count <= problem.circles[mentor] for mentor, count in load.items())


@pytest.mark.clause("BM-7", "BM-8")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"forbidden": 0.9},
        {"sizes": (6, 8), "forbidden": 0.6},
        {"facilitators": (2, 2)},
        {"leads": 3, "forbidden": 0.4},
    ],
    ids=["usual", "most forbidden", "large circles", "two facilitators", "few facilitators"],
)
def test_a_staff_scheme_keeps_every_rule_and_is_proved_best(seed, changes):
    problem = staff_scheme(seed, **changes)

    solution = solve_circles(problem)

    members = members_of(solution)
    placed = [*solution.pairs[:, 0].tolist(), *(member for member, _ in members)]
    led = [(member, mentor) for c in solution.circles for member in c.members for mentor in c.facilitators]
    forbidden = set(map(tuple, problem.forbidden.tolist()))
    load = Counter(mentor for circle in solution.circles for mentor in circle.facilitators)
    assert len(set(placed)) == len(placed) == solution.placed
    assert all(problem.one_to_one[solution.pairs[:, 0]])
    assert all(problem.in_circle[[member for member, _ in members]])
    assert forbidden & {*map(tuple, solution.pairs.tolist()), *led} == set()
    assert all(np.bincount(solution.pairs[:, 1], minlength=22) <= problem.capacity)
    assert all(load[mentor] <= problem.circles[mentor] for mentor in range(22))
    assert all(problem.sizes[0] <= len(circle.members) <= problem.sizes[1] for circle in solution.circles)
    assert solution.total == problem.fit(np.array([*solution.pairs.tolist(), *map(list, members)])).sum()
    assert solution.optimal


@pytest.mark.clause("BM-7")
@pytest.mark.parametrize(
    ("mentees", "pairs", "sizes"), [(1, 1, []), (2, 1, []), (3, 0, [3]), (5, 1, [4]), (6, 1, [4])]
)
def test_a_circle_opens_only_where_it_reaches_its_smallest_size(mentees, pairs, sizes):
    solution = solve_circles(simple(mentees))

    assert len(solution.pairs) == pairs
    assert [len(circle.members) for circle in solution.circles] == sizes


@pytest.mark.parametrize(("members", "joined"), [(0, 4), (1, 3), (2, 2), (3, 1), (4, 0)])
def test_a_circle_that_meets_already_takes_newcomers_up_to_the_largest_size(members, joined):
    problem = simple(5, capacity=[0], circles=[0], running=[RunningCircle((0,), members)])

    solution = solve_circles(problem)

    assert solution.placed == joined
    assert [(c.facilitators, len(c.members), c.running) for c in solution.circles] == [((0,), joined, 0)][
        :joined
    ]


@pytest.mark.parametrize(("newcomers", "joined"), [(1, 0), (2, 2)])
def test_a_running_circle_below_its_size_takes_as_many_as_it_needs_or_none(newcomers, joined):
    problem = simple(newcomers, capacity=[0], circles=[0], running=[RunningCircle((0,), 1)])

    solution = solve_circles(problem)

    assert solution.placed == joined


def test_a_running_circle_of_a_good_size_takes_a_single_newcomer():
    problem = simple(1, capacity=[0], circles=[0], running=[RunningCircle((0,), 3)])

    solution = solve_circles(problem)

    assert solution.circles == (Circle((0,), (0,), 0),)


def test_forbidden_pairs_count_for_every_facilitator_of_a_running_circle():
    problem = simple(
        2,
        offers=[[10], [10]],
        capacity=[0, 0],
        circles=[0, 0],
        running=[RunningCircle((0, 1), 3)],
        forbidden=[(1, 1)],
    )

    solution = solve_circles(problem)

    assert solution.circles == (Circle((0, 1), (0,), 0),)


def test_members_are_forbidden_to_be_with_the_second_facilitator_too():
    problem = simple(
        3,
        offers=[[10], [1], [1]],
        capacity=[0, 0, 0],
        circles=[1, 1, 1],
        facilitators=(2, 2),
        forbidden=[(0, 1)],
    )

    solution = solve_circles(problem)

    assert solution.circles == (Circle((0, 2), (0, 1, 2), None),)


def test_a_facilitator_of_two_circles_shares_their_members_out_evenly():
    problem = simple(7, circles=[2], capacity=[0])

    solution = solve_circles(problem)

    assert sorted(len(circle.members) for circle in solution.circles) == [3, 4]


@pytest.mark.clause("BM-8")
def test_a_mentor_does_both_only_as_far_as_places_were_declared_for_each():
    problem = simple(9, capacity=[2], circles=[1])

    solution = solve_circles(problem)

    assert (len(solution.pairs), [len(circle.members) for circle in solution.circles]) == (2, [4])


def test_locked_places_are_kept_and_a_locked_circle_is_opened():
    """Without the lock the members would go where they fit better."""
    problem = CircleProblem(
        np.ones((5, 1)),
        [[10], [1]],
        [1, 0],
        [1, 1],
        [1] * 5,
        [1] * 5,
        sizes=(2, 4),
        locked=[(4, 0)],
        locked_members=[(0, 1)],
    )

    solution = solve_circles(problem)

    assert solution.pairs.tolist() == [[4, 0]]
    assert (0, 1) in members_of(solution)
    assert (solution.placed, solution.total, solution.optimal) == (5, 10 + 1 + 1 + 10 + 10, True)


def test_locked_places_hold_even_where_the_run_is_restricted_to_the_other_pathway():
    problem = simple(5, locked=[(0, 0)], locked_members=[(1, 0), (2, 0), (3, 0)])

    pairs_only = solve_circles(problem, pathway="one_to_one")
    circles_only = solve_circles(problem, pathway="circle")

    assert (pairs_only.pairs.tolist(), pairs_only.circles) == ([[0, 0]], (Circle((0,), (1, 2, 3), None),))
    assert (circles_only.pairs.tolist(), circles_only.circles) == (
        [[0, 0]],
        (Circle((0,), (1, 2, 3, 4), None),),
    )


@pytest.mark.clause("BM-7")
@pytest.mark.parametrize(
    ("pathway", "pairs", "joined"), [("one_to_one", 1, 0), ("circle", 0, 4), (None, 1, 4)]
)
def test_a_run_can_be_restricted_to_one_pathway(pathway, pairs, joined):
    solution = solve_circles(simple(6), pathway=pathway)

    assert (len(solution.pairs), sum(len(circle.members) for circle in solution.circles)) == (pairs, joined)


@given(problem=problems(), seed=st.integers(0, 99))
@quick
def test_without_circles_the_result_is_the_one_to_one_result(problem, seed):
    nobody, everybody = [False] * problem.mentees, [True] * problem.mentees
    with_circles = CircleProblem(
        problem.wants,
        problem.offers,
        problem.capacity,
        [0] * problem.mentors,
        everybody,
        nobody,
        forbidden=problem.forbidden,
        locked=problem.locked,
    )

    solution = solve_circles(with_circles, seed=seed)

    assert solution.pairs.tolist() == solve(problem, seed=seed).pairs.tolist()
    assert solution.optimal


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_people_come_has_no_influence_on_circles(seed):
    problem = staff_scheme(seed)
    rng = np.random.default_rng(seed)
    ours, theirs = rng.permutation(45), rng.permutation(22)
    old_forbidden = np.zeros((45, 22), dtype=bool)
    old_forbidden[problem.forbidden[:, 0], problem.forbidden[:, 1]] = True
    moved = CircleProblem(
        problem.wants[ours],
        problem.offers[theirs],
        problem.capacity[theirs],
        problem.circles[theirs],
        problem.one_to_one[ours],
        problem.in_circle[ours],
        forbidden=np.argwhere(old_forbidden[np.ix_(ours, theirs)]),
        mentee_keys=ours,
        mentor_keys=theirs,
    )

    first, second = solve_circles(problem, seed=9), solve_circles(moved, seed=9)

    assert {(ours[i], theirs[j]) for i, j in second.pairs.tolist()} == set(map(tuple, first.pairs.tolist()))
    assert {(ours[i], theirs[j]) for i, j in members_of(second)} == set(members_of(first))


def test_the_same_seed_gives_the_same_circles_every_time():
    results = [solve_circles(staff_scheme(1), seed=4).circles for _ in range(3)]

    assert results[0] == results[1] == results[2]


def test_the_comparison_is_what_the_other_objective_gives_for_circles():
    problem = staff_scheme(2, forbidden=0.5)

    solution = solve_circles(problem, compare=True)

    fairest = solve_circles(problem, objective="fairest")
    assert solution.comparison.circles == fairest.circles
    assert (solution.comparison.smallest, solution.comparison.total) == (fairest.smallest, fairest.total)
    assert fairest.smallest >= solution.smallest
    assert fairest.total <= solution.total


def test_where_the_time_is_too_short_the_gap_is_stated():
    problem = staff_scheme(0, forbidden=0.8, sizes=(6, 8))

    solution = solve_circles(problem, time_limit=0)

    best = solve_circles(problem)
    assert (solution.placed, solution.total) <= (best.placed, best.total)
    assert solution.most_placed >= best.placed
    is_reached = (solution.placed, solution.total) == (solution.most_placed, solution.upper_bound)
    assert (solution.optimal, solution.gap == 0) == (is_reached, solution.total == solution.upper_bound)


def test_a_staff_scheme_takes_less_than_two_seconds():
    solution = solve_circles(staff_scheme(0), compare=True)

    assert solution.seconds < 2


def test_progress_is_told_for_circles():
    heard = []

    solve_circles(simple(6), progress=heard.append)

    assert [(step.step, step.round) for step in heard] == [("open", 1)]


def test_a_scheme_of_two_hundred_is_solved_to_a_proved_optimum():
    arguments = town(mentees=200, seed=7)
    rng = np.random.default_rng(7)
    pathway = rng.integers(0, 3, 200)
    circles = (np.arange(100) % 4 == 0).astype(int)
    problem = CircleProblem(**arguments, circles=circles, one_to_one=pathway != 0, in_circle=pathway != 1)

    solution = solve_circles(problem)

    assert solution.optimal
    one_to_one = solve(Problem(**arguments | {"capacity": problem.capacity}))
    assert solution.placed >= min(one_to_one.placed, int((pathway != 0).sum()))
