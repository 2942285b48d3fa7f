"""Pairs and circles may have weights and rules of their own, and what shouldn't matter to circles doesn't."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import CircleProblem, InvalidProblem, RunningCircle, left_out_of_circles, solve_circles

from .engine_circle_choices import best_of, changed, two_sided_problems
from .test_engine_circles import members_of, simple, staff_scheme

quick = settings(max_examples=30, deadline=None)


def outcome(solution):
    return solution.placed, solution.total, solution.smallest


@pytest.mark.clause("BM-7")
@given(problem=two_sided_problems(), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_the_best_is_found_where_the_pathways_have_weights_and_rules_of_their_own(problem, seed):
    best = best_of(problem)

    if best is None:
        with pytest.raises(InvalidProblem, match="The locked places can't all be kept"):
            solve_circles(problem, seed=seed)
        return
    solution = solve_circles(problem, seed=seed)

    assert (solution.placed, solution.total) == best[0]
    assert (solution.most_placed, solution.upper_bound, solution.optimal) == (*best[0], True)


@given(problem=two_sided_problems())
@quick
def test_the_fairest_is_found_over_both_kinds_of_fit(problem):
    best = best_of(problem)
    if best is None:
        return

    solution = solve_circles(problem, objective="fairest")

    assert (solution.placed, solution.total) == (best[1][0], best[1][2])
    assert solution.optimal


@given(problem=two_sided_problems(facilitators=(2, 2), most_circles=1))
@quick
def test_two_facilitators_keep_the_rules_of_circles(problem):
    best = best_of(problem)
    if best is None:
        return

    solution = solve_circles(problem)

    assert (solution.placed, solution.total, solution.optimal) == (*best[0], True)


def test_members_fit_by_the_weights_of_circles_and_pairs_by_their_own():
    problem = simple(5, circle_wants=[[2]] * 5)

    solution = solve_circles(problem)

    assert (len(solution.pairs), solution.total, solution.smallest) == (1, 10 + 4 * 20, 10)
    assert problem.fit(np.array([[0, 0]])).tolist() == [10]
    assert problem.circle_fit(np.array([[0, 0]])).tolist() == [20]


def test_a_rule_of_pairs_does_not_hold_in_circles_nor_the_other_way_round():
    problem = simple(3, forbidden=[(0, 0), (1, 0), (2, 0)], forbidden_in_circles=[])
    reverse = simple(3, forbidden_in_circles=[(0, 0)])

    assert members_of(solve_circles(problem)) == [(0, 0), (1, 0), (2, 0)]
    assert (solve_circles(reverse).placed, solve_circles(reverse).circles) == (1, ())


def test_locked_members_are_held_to_the_rules_of_circles_alone():
    kept = simple(3, forbidden=[(0, 0)], forbidden_in_circles=[], locked_members=[(0, 0)])

    assert solve_circles(kept).placed == 3
    with pytest.raises(InvalidProblem, match="A locked member is forbidden to be with that facilitator."):
        simple(3, forbidden_in_circles=[(0, 0)], locked_members=[(0, 0)])


def test_whoever_circles_alone_rule_out_is_told_so_for_circles():
    problem = simple(1, sizes=(1, 4), capacity=[0], forbidden_in_circles=[(0, 0)])

    [left] = left_out_of_circles(problem, solve_circles(problem))

    assert [missed.reason for missed in left.missed] == ["no_places", "all_forbidden"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"circle_wants": [[1], [1]]}, "The features for circles must be of the same mentees and mentors"),
        ({"circle_offers": [[1, 2]]}, "The mentees have 1 features and the mentors 2"),
        ({"circle_wants": [[0.5]] * 3}, "What the mentees want must be whole numbers"),
        (
            {"circle_wants": [[2**40]] * 3, "circle_offers": [[2**10]]},
            "With 3 places to fill, the fits are too",
        ),
        ({"forbidden_in_circles": [(0, 1)]}, "The pairs forbidden in circles name somebody who isn't"),
    ],
)
def test_tables_of_circles_that_make_no_problem_are_refused(changes, sentence):
    with pytest.raises(InvalidProblem) as refusal:
        simple(3, **changes)

    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_people_has_no_influence_where_the_pathways_differ(seed):
    problem = two_sided_scheme(seed)
    rng = np.random.default_rng(seed)
    ours, theirs = rng.permutation(45), rng.permutation(22)

    def moved(pairs):
        return np.column_stack([np.argsort(ours)[pairs[:, 0]], np.argsort(theirs)[pairs[:, 1]]])

    reordered = CircleProblem(
        problem.wants[ours],
        problem.offers[theirs],
        problem.capacity[theirs],
        problem.circles[theirs],
        problem.one_to_one[ours],
        problem.in_circle[ours],
        forbidden=moved(problem.forbidden),
        circle_wants=problem.circle_wants[ours],
        circle_offers=problem.circle_offers[theirs],
        forbidden_in_circles=moved(problem.forbidden_in_circles),
        mentee_keys=ours,
        mentor_keys=theirs,
    )

    first, second = solve_circles(problem, seed=9), solve_circles(reordered, seed=9)

    assert {(ours[i], theirs[j]) for i, j in second.pairs.tolist()} == set(map(tuple, first.pairs.tolist()))
    assert {(ours[i], theirs[j]) for i, j in members_of(second)} == set(members_of(first))
    assert second.proof == first.proof


def two_sided_scheme(seed):
    """A staff scheme with other features and other rules for circles."""
    rng = np.random.default_rng([seed, 7])
    return changed(
        staff_scheme(seed),
        circle_wants=rng.integers(0, 2000, (45, 3)),
        circle_offers=rng.integers(0, 2, (22, 3)),
        forbidden_in_circles=np.argwhere(rng.random((45, 22)) < 0.3),
    )


@given(problem=two_sided_problems())
@quick
def test_a_facilitator_with_whom_nobody_may_be_changes_nothing(problem):
    if best_of(problem) is None:
        return
    m, everybody = problem.mentors, range(problem.mentees)
    useless = [(i, m) for i in everybody]
    joined = changed(
        problem,
        offers=np.vstack([problem.offers, np.full((1, problem.offers.shape[1]), 2)]),
        circle_offers=np.vstack([problem.circle_offers, np.full((1, problem.circle_offers.shape[1]), 2)]),
        capacity=[*problem.capacity, 3],
        circles=[*problem.circles, 2],
        mentor_keys=[*problem.mentor_keys, m],
        forbidden=[*map(tuple, problem.forbidden.tolist()), *useless],
        forbidden_in_circles=[*map(tuple, problem.forbidden_in_circles.tolist()), *useless],
    )

    before, after = solve_circles(problem, seed=3), solve_circles(joined, seed=3)

    assert outcome(after) == outcome(before)


@given(problem=two_sided_problems(), data=st.data())
@quick
def test_forbidding_a_pair_that_is_not_used_changes_no_figure(problem, data):
    if best_of(problem) is None or not problem.mentees or not problem.mentors:
        return
    before = solve_circles(problem)
    pair = data.draw(st.tuples(st.integers(0, problem.mentees - 1), st.integers(0, problem.mentors - 1)))
    used = {*map(tuple, before.pairs.tolist()), *members_of(before)}
    if pair in used:
        return

    after = solve_circles(
        changed(
            problem,
            forbidden=[*map(tuple, problem.forbidden.tolist()), pair],
            forbidden_in_circles=[*map(tuple, problem.forbidden_in_circles.tolist()), pair],
        )
    )

    assert outcome(after)[:2] == outcome(before)[:2]


@pytest.mark.parametrize("seed", range(3))
def test_a_second_facilitator_of_a_running_circle_forbids_as_much_as_the_first(seed):
    rng = np.random.default_rng(seed)
    barred = [(i, 3) for i in np.flatnonzero(rng.random(45) < 0.5).tolist()]
    problem = staff_scheme(seed, forbidden=0)
    alone = changed(
        problem,
        running=[RunningCircle((0,), 4)],
        forbidden_in_circles=[(i, 0) for i, _ in barred],
        circles=[0, *problem.circles[1:]],
    )
    both = changed(
        alone,
        running=[RunningCircle((0, 3), 4)],
        forbidden_in_circles=barred,
        circles=[0, *problem.circles[1:3], 0, *problem.circles[4:]],
    )
    alone = changed(alone, circles=both.circles)

    first, second = solve_circles(alone), solve_circles(both)

    assert members_of(first) == members_of(second)
    assert first.proof == second.proof


@pytest.mark.clause("BM-8")
@pytest.mark.parametrize(("places", "placed"), [(0, 4), (1, 5), (50, 6)])
def test_a_mentor_with_no_place_or_with_fifty_leads_a_circle_all_the_same(places, placed):
    solution = solve_circles(simple(6, capacity=[places]))

    assert (solution.placed, solution.proof.optimal) == (placed, True)


@pytest.mark.clause("BM-7")
@pytest.mark.parametrize("seed", range(3))
def test_whoever_would_take_either_is_placed_once_under_either_weights(seed):
    problem = two_sided_scheme(seed)

    solution = solve_circles(problem)

    placed = Counter([*solution.pairs[:, 0].tolist(), *(member for member, _ in members_of(solution))])
    assert set(placed.values()) == {1}
    assert solution.total == (
        problem.fit(solution.pairs).sum() + problem.circle_fit(np.array(members_of(solution))).sum()
    )
