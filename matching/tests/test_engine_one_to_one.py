"""The choice of pairs: most people placed, then the best fits, by lot among equals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Problem, Progress, prove, solve

from .engine_brute_force import ranks
from .engine_instances import problems, town

quick = settings(max_examples=50, deadline=None)


def value(solution):
    return solution.placed, solution.total


def rebuilt(problem, **changes):
    """The same problem with some of its arguments changed."""
    names = ("wants", "offers", "capacity", "forbidden", "locked", "mentee_keys", "mentor_keys")
    return Problem(**{name: getattr(problem, name) for name in names} | changes)


@pytest.mark.clause("EI-M")
@given(problem=problems(), seed=st.integers(0, 2**70))
@quick
def test_most_people_are_placed_and_then_the_total_is_the_largest_that_exists(problem, seed):
    best, _ = ranks(problem)

    solution = solve(problem, seed=seed)

    assert value(solution) == best
    assert (solution.upper_bound, solution.optimal, solution.gap) == (solution.total, True, 0.0)


@pytest.mark.clause("EI-M")
@given(problem=problems(), seed=st.integers(0, 9))
@quick
def test_the_fairest_choice_has_the_largest_smallest_fit_and_then_the_largest_total(problem, seed):
    _, best = ranks(problem)

    solution = solve(problem, objective="fairest", seed=seed)

    free = np.setdiff1d(solution.pairs[:, 0], problem.locked[:, 0])
    fits = problem.fit(solution.pairs[np.isin(solution.pairs[:, 0], free)])
    assert (solution.placed, min(fits, default=float("inf")), solution.total) == best
    assert solution.optimal


@pytest.mark.clause("BM-8")
@given(problem=problems())
@quick
def test_every_rule_is_kept_and_the_figures_are_those_of_the_pairs(problem):
    solution = solve(problem)

    pairs = [tuple(pair) for pair in solution.pairs.tolist()]
    fits = problem.fit(solution.pairs).tolist()
    assert len({mentee for mentee, _ in pairs}) == len(pairs) == solution.placed
    assert all(np.bincount(solution.pairs[:, 1], minlength=problem.mentors) <= problem.capacity)
    assert set(pairs) & {tuple(pair) for pair in problem.forbidden.tolist()} == set()
    assert {tuple(pair) for pair in problem.locked.tolist()} - set(pairs) == set()
    assert (solution.total, solution.smallest) == (sum(fits), min(fits, default=None))


@given(problem=problems(), objective=st.sampled_from(["total", "fairest"]))
@quick
def test_the_comparison_is_what_the_other_objective_gives(problem, objective):
    other = {"total": "fairest", "fairest": "total"}[objective]

    comparison = solve(problem, objective=objective, compare=True, seed=3).comparison

    alone = solve(problem, objective=other, seed=3)
    assert comparison.pairs.tolist() == alone.pairs.tolist()
    assert (comparison.objective, comparison.optimal, comparison.comparison) == (other, True, None)


@given(problem=problems(), seed=st.integers(0, 99), data=st.data())
@quick
def test_the_order_in_which_people_come_has_no_influence(problem, seed, data):
    ours = data.draw(st.permutations(range(problem.mentees)))
    theirs = data.draw(st.permutations(range(problem.mentors)))
    mentee_keys, mentor_keys = 100 + np.arange(problem.mentees), 7 * np.arange(problem.mentors)
    place = {old: new for new, old in enumerate(ours)}, {old: new for new, old in enumerate(theirs)}

    def moved(pairs):
        return [(place[0][i], place[1][j]) for i, j in pairs.tolist()]

    first = solve(rebuilt(problem, mentee_keys=mentee_keys, mentor_keys=mentor_keys), seed=seed)
    second = solve(
        Problem(
            problem.wants[list(ours)],
            problem.offers[list(theirs)],
            problem.capacity[list(theirs)],
            moved(problem.forbidden),
            moved(problem.locked),
            mentee_keys=mentee_keys[list(ours)],
            mentor_keys=mentor_keys[list(theirs)],
        ),
        seed=seed,
    )

    assert sorted(moved(first.pairs)) == [tuple(pair) for pair in second.pairs.tolist()]


@given(problem=problems())
@quick
def test_a_mentor_without_places_changes_nothing(problem):
    extra = np.full((1, problem.wants.shape[1]), 2)

    solution = solve(
        rebuilt(
            problem,
            offers=np.vstack([problem.offers, extra]),
            capacity=[*problem.capacity, 0],
            mentor_keys=[*problem.mentor_keys, 99],
        )
    )

    assert value(solution) == value(solve(problem))


@given(problem=problems(with_locks=False), gain=st.integers(1, 5), data=st.data())
@quick
def test_a_better_fit_of_a_chosen_pair_keeps_it_and_raises_the_total_by_as_much(problem, gain, data):
    before = solve(problem)
    if not before.placed:
        return
    mentee, mentor = data.draw(st.sampled_from(before.pairs.tolist()))
    together = np.zeros((problem.mentees, 1), dtype=int), np.zeros((problem.mentors, 1), dtype=int)
    together[0][mentee], together[1][mentor] = gain, 1

    after = solve(
        rebuilt(
            problem,
            wants=np.hstack([problem.wants, together[0]]),
            offers=np.hstack([problem.offers, together[1]]),
        )
    )

    assert value(after) == (before.placed, before.total + gain)
    assert [mentee, mentor] in after.pairs.tolist()


@given(problem=problems(with_locks=False), data=st.data())
@quick
def test_forbidding_pairs_that_were_not_chosen_changes_nothing(problem, data):
    before = solve(problem, seed=5)
    chosen = {tuple(pair) for pair in before.pairs.tolist()}
    others = [pair for pair in np.ndindex(problem.mentees, problem.mentors) if pair not in chosen]
    more = data.draw(st.lists(st.sampled_from(others), unique=True)) if others else []

    after = solve(rebuilt(problem, forbidden=[*problem.forbidden.tolist(), *map(list, more)]), seed=5)

    assert after.pairs.tolist() == before.pairs.tolist()


@given(problem=problems(with_locks=False), data=st.data())
@quick
def test_locking_chosen_pairs_changes_nothing(problem, data):
    before = solve(problem, seed=5)
    locked = (
        data.draw(st.lists(st.sampled_from(before.pairs.tolist()), unique_by=tuple)) if before.placed else []
    )

    after = solve(rebuilt(problem, locked=locked), seed=5)

    assert value(after) == value(before)
    assert after.optimal


def test_a_mentor_is_never_wasted_on_a_forbidden_pair():
    problem = Problem([[0], [0]], [[1]], [1], forbidden=[(0, 0)])

    solution = solve(problem)

    assert solution.pairs.tolist() == [[1, 0]]


def test_placing_one_more_person_outweighs_any_fits():
    """Three good pairs or four poor ones: every mentee but the last knows a mentor who suits them best."""
    wants = [[10_000, 0, 0], [0, 10_000, 0], [0, 0, 10_000], [0, 0, 0]]
    offers = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]
    chain = {(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 0)}
    forbidden = [(i, j) for i in range(4) for j in range(4) if (i, j) not in chain]

    solution = solve(Problem(wants, offers, [1, 1, 1, 1], forbidden))

    assert value(solution) == (4, 0)
    assert solution.optimal


def test_fairest_and_total_differ_where_they_should():
    problem = Problem([[10, 5], [4, 1]], [[1, 0], [0, 1]], [1, 1])

    solution = solve(problem, compare=True)

    assert (solution.pairs.tolist(), solution.total, solution.smallest) == ([[0, 0], [1, 1]], 11, 1)
    fairest = solution.comparison
    assert (fairest.pairs.tolist(), fairest.total, fairest.smallest) == ([[0, 1], [1, 0]], 9, 4)


def test_a_poor_locked_pair_does_not_end_fairness_for_the_others():
    """The lock's fit of 0 is given; the smallest fit of the other two is raised from 1 to 4 all the same."""
    problem = Problem([[0, 0], [10, 5], [4, 1]], [[1, 0], [0, 1], [0, 0]], [1, 1, 1], (), [(0, 2)])

    solution = solve(problem, objective="fairest", compare=True)

    assert (solution.pairs.tolist(), solution.total, solution.floor) == ([[0, 2], [1, 1], [2, 0]], 9, 4)
    assert (solution.comparison.pairs.tolist(), solution.comparison.total) == ([[0, 2], [1, 0], [2, 1]], 11)


@pytest.mark.parametrize("places", [1, 50, 10**9])
def test_large_capacities_are_used_as_far_as_they_help(places):
    """Everybody prefers the first mentor, who takes as many as there are places."""
    problem = Problem(np.ones((40, 1)), [[100], [1]], [places, 50])

    solution = solve(problem)

    with_first = min(places, 40)
    assert value(solution) == (40, 100 * with_first + (40 - with_first))
    assert solution.optimal


def test_a_price_is_what_one_more_place_would_add():
    arguments = town(mentees=30, seed=4, most_places=1)
    problem = Problem(**arguments)
    solution = solve(problem)

    def worth_with_one_more(mentor):
        capacity = problem.capacity + (np.arange(problem.mentors) == mentor)
        more = solve(rebuilt(problem, capacity=capacity))
        return solution.bonus * more.placed + more.total

    gains = [worth_with_one_more(mentor) for mentor in range(problem.mentors)]
    before = solution.bonus * solution.placed + solution.total
    assert [gain - before for gain in gains] == solution.prices.tolist()


@pytest.mark.parametrize("objective", ["total", "fairest"])
def test_the_same_seed_gives_the_same_pairs_every_time(objective):
    arguments = town(mentees=80, levels=1, most_places=1)

    results = [solve(Problem(**arguments), objective=objective, seed=11).pairs.tolist() for _ in range(3)]

    assert results[0] == results[1] == results[2]


def test_another_seed_chooses_differently_among_equals_but_not_worse():
    problem = Problem(np.zeros((12, 1)), np.zeros((4, 1)), [1, 1, 1, 1])

    solutions = [solve(problem, seed=seed) for seed in range(20)]

    assert {solution.placed for solution in solutions} == {4}
    assert {mentee for solution in solutions for mentee in solution.pairs[:, 0].tolist()} == set(range(12))
    assert solutions[0].drawn.tolist() == list(range(12))


def test_the_lot_favours_nobody():
    """Each of six equal mentees gets the one place in about a sixth of 300 draws."""
    problem = Problem(np.zeros((6, 1)), np.zeros((1, 1)), [1])

    winners = [int(solve(problem, seed=seed).pairs[0, 0]) for seed in range(300)]

    assert all(25 <= winners.count(mentee) <= 75 for mentee in range(6))


def test_nobody_is_drawn_where_only_one_result_is_best():
    problem = Problem([[9, 1], [1, 8], [0, 0]], [[1, 0], [0, 1]], [1, 1])

    solution = solve(problem)

    assert (solution.pairs.tolist(), solution.drawn.tolist()) == ([[0, 0], [1, 1]], [])


def test_progress_is_told_and_can_stop_the_run():
    class Stopped(Exception):
        pass

    heard = []

    def stop(progress):
        heard.append(progress)
        raise Stopped

    with pytest.raises(Stopped):
        solve(Problem(**town()), progress=stop)
    assert [(type(step), step.step, step.round) for step in heard] == [(Progress, "total", 1)]


@pytest.mark.parametrize(
    "arguments",
    [
        town(mentees=400, seed=2),
        town(mentees=300, seed=3, levels=1, share_forbidden=0),
        town(mentees=300, seed=4, share_forbidden=0.985),
        town(mentees=200, seed=5, most_places=50),
    ],
    ids=["usual", "heavy ties", "nearly all forbidden", "capacities up to 50"],
)
def test_hundreds_are_solved_to_a_proved_optimum(arguments):
    problem = Problem(**arguments)

    solution = solve(problem, compare=True)

    assert (solution.optimal, solution.comparison.optimal) == (True, True)
    proof = prove(problem, solution.pairs, solution.prices)
    assert (proof.placed, proof.upper_bound) == (solution.placed, solution.total)
