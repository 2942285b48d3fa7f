"""Large problems are solved without the table of all pairs, and come to the same result as small ones."""

import importlib.util

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matching.engine import Problem, prove, solve
from matching.engine.one_to_one import Method, solve_by

from .engine_brute_force import ranks
from .engine_instances import problems, town

quick = settings(max_examples=40, deadline=None)

AS_TABLE = Method(table=10**9)
BY_PRICING = Method(table=-1, few=0)
ALL_LISTED = Method(table=-1)
BY_NETWORK = Method(table=-1, few=0, solver="network")

needs_ortools = pytest.mark.skipif(
    importlib.util.find_spec("ortools") is None, reason="requirements-large.txt isn't installed"
)
methods = pytest.mark.parametrize(
    "method",
    [
        pytest.param(BY_PRICING, id="pricing"),
        pytest.param(ALL_LISTED, id="all listed"),
        pytest.param(BY_NETWORK, id="network", marks=needs_ortools),
    ],
)

TOWNS = {
    "usual": town(mentees=600, seed=2, most_places=5),
    "balanced": town(mentees=500, seed=3, share_forbidden=0.05) | {"capacity": np.full(250, 2)},
    "heavy ties": town(mentees=300, seed=4, levels=1, share_forbidden=0),
    "nearly all forbidden": town(mentees=300, seed=5, share_forbidden=0.985),
    "capacities up to 50": town(mentees=400, seed=6, most_places=50),
    "hardly a place": town(mentees=500, seed=7) | {"capacity": np.arange(250) % 25 == 0},
    "everybody the same": {
        "wants": np.ones((200, 1)),
        "offers": np.ones((100, 1)),
        "capacity": np.ones(100),
    },
    "everybody twice": {
        "wants": np.repeat(town(mentees=100, seed=8)["wants"], 3, axis=0),
        "offers": np.repeat(town(mentees=100, seed=8)["offers"], 3, axis=0),
        "capacity": np.arange(150) % 3,
    },
    "fits below zero": town(mentees=200, seed=9) | {"wants": town(mentees=200, seed=9)["wants"] - 1500},
    "far more mentors": town(mentees=400, seed=10) | {"wants": town(mentees=400, seed=10)["wants"][:40]},
    "fits beyond single precision": town(mentees=150, seed=11)
    | {"wants": town(mentees=150, seed=11)["wants"] * 2**14 + 1},
}
TOWNS["far more mentors"] |= {"forbidden": [(i, j) for i in range(40) for j in range(i, i + 5)]}


def value(solution):
    return solution.placed, solution.total, solution.smallest, solution.floor


@pytest.mark.clause("EI-M")
@methods
@given(problem=problems(), seed=st.integers(0, 99))
@quick
def test_the_total_is_the_largest_that_exists(method, problem, seed):
    best, _ = ranks(problem)

    solution = solve_by(method, problem, seed=seed)

    assert (solution.placed, solution.total, solution.upper_bound, solution.optimal) == (*best, best[1], True)


@pytest.mark.clause("EI-M")
@methods
@given(problem=problems(), seed=st.integers(0, 99))
@quick
def test_the_fairest_choice_is_the_fairest_that_exists(method, problem, seed):
    _, best = ranks(problem)

    solution = solve_by(method, problem, objective="fairest", seed=seed)

    smallest = solution.floor if solution.floor is not None else best[1]
    assert (solution.placed, smallest, solution.total, solution.optimal) == (*best, True)


@methods
@given(problem=problems(), seed=st.integers(0, 99), objective=st.sampled_from(["total", "fairest"]))
@quick
def test_lots_fall_the_same_way_by_every_method(method, problem, seed, objective):
    small = solve_by(AS_TABLE, problem, objective=objective, seed=seed)

    large = solve_by(method, problem, objective=objective, seed=seed)

    assert (large.pairs.tolist(), large.drawn.tolist()) == (small.pairs.tolist(), small.drawn.tolist())


@methods
@pytest.mark.parametrize("name", TOWNS)
def test_towns_have_the_same_proved_result_by_every_method(method, name):
    problem = Problem(**TOWNS[name])
    small = solve_by(AS_TABLE, problem, compare=True)

    large = solve_by(method, problem, compare=True)

    assert (value(large), value(large.comparison)) == (value(small), value(small.comparison))
    assert large.pairs.tolist() == small.pairs.tolist()
    fairest = large.comparison
    proofs = (
        prove(problem, large.pairs, large.prices),
        prove(problem, fairest.pairs, fairest.prices, floor=fairest.floor, cover=fairest.cover),
    )
    assert [proof.optimal for proof in (large, fairest, *proofs)] == [True] * 4


@pytest.mark.clause("EI-M")
def test_two_thousand_people_get_what_scipy_finds_best():
    problem = Problem(**town(mentees=2000, seed=12))
    fit = problem.wants.astype(float) @ problem.offers.T + 10**8
    fit[problem.forbidden[:, 0], problem.forbidden[:, 1]] = 0
    seats = np.repeat(np.arange(problem.mentors), problem.capacity)
    rows, taken = linear_sum_assignment(fit[:, seats], maximize=True)
    best = fit[rows, seats[taken]]

    solution = solve(problem)

    placed = int((best > 0).sum())
    assert (solution.placed, solution.total) == (placed, int(best.sum()) - 10**8 * placed)
    assert solution.optimal


@given(seed=st.integers(0, 9), data=st.data())
@settings(max_examples=5, deadline=None)
def test_the_order_of_a_hundred_people_has_no_influence(seed, data):
    arguments = town(mentees=100, seed=13, levels=2)
    ours, theirs = (np.array(data.draw(st.permutations(range(size)))) for size in (100, 50))
    forbidden = np.column_stack(
        [
            side.argsort()[column]
            for side, column in zip((ours, theirs), arguments["forbidden"].T, strict=True)
        ]
    )
    moved = {
        "wants": arguments["wants"][ours],
        "offers": arguments["offers"][theirs],
        "capacity": arguments["capacity"][theirs],
        "forbidden": forbidden,
    }
    keys = {"mentee_keys": np.arange(100) + 7, "mentor_keys": np.arange(50) * 3}
    moved_keys = {"mentee_keys": keys["mentee_keys"][ours], "mentor_keys": keys["mentor_keys"][theirs]}

    first = solve_by(BY_PRICING, Problem(**arguments, **keys), seed=seed)
    second = solve_by(BY_PRICING, Problem(**moved, **moved_keys), seed=seed)

    back = [[ours[mentee], theirs[mentor]] for mentee, mentor in second.pairs.tolist()]
    assert sorted(back) == first.pairs.tolist()


def test_what_could_not_matter_changes_nothing():
    """A mentor without places, and a rule against a pair that wasn't chosen."""
    arguments = town(mentees=300, seed=14)
    before = solve_by(BY_PRICING, Problem(**arguments))
    chosen = np.zeros((300, 150), dtype=bool)
    chosen[tuple(before.pairs.T)] = True
    unused = np.argwhere(~chosen)[::7]

    after = solve_by(
        BY_PRICING,
        Problem(
            arguments["wants"],
            np.vstack([arguments["offers"], np.full((1, arguments["offers"].shape[1]), 2)]),
            [*arguments["capacity"], 0],
            np.vstack([arguments["forbidden"], unused]),
        ),
    )

    assert value(after) == value(before)
    assert after.optimal


def test_a_better_fit_of_a_chosen_pair_keeps_it_and_raises_the_total_by_as_much():
    arguments = town(mentees=300, seed=15)
    before = solve_by(BY_PRICING, Problem(**arguments))
    mentee, mentor = before.pairs[20].tolist()
    ours, theirs = np.zeros((300, 1)), np.zeros((150, 1))
    ours[mentee], theirs[mentor] = 9, 1
    better = {
        "wants": np.hstack([arguments["wants"], ours]),
        "offers": np.hstack([arguments["offers"], theirs]),
    }

    after = solve_by(BY_PRICING, Problem(**arguments | better))

    assert (after.placed, after.total) == (before.placed, before.total + 9)
    assert [mentee, mentor] in after.pairs.tolist()


@pytest.mark.parametrize("gap", [0.2, 0.05, 0.001])
def test_a_run_that_stops_early_says_truly_how_far_it_may_be_off(gap):
    problem = Problem(**town(mentees=500, seed=16))
    best = solve(problem)

    near = solve_by(BY_PRICING, problem, gap=gap)

    assert near.placed == best.placed
    assert near.total <= best.total <= near.upper_bound
    assert (near.gap <= gap, near.optimal) == (True, near.total == near.upper_bound)
    assert prove(problem, near.pairs, near.prices).upper_bound == near.upper_bound


def test_a_generous_gap_saves_rounds():
    problem = Problem(**town(mentees=500, seed=16))

    rounds = [solve_by(BY_PRICING, problem, gap=gap).rounds for gap in (0.2, 0.0)]

    assert rounds[0] < rounds[1]


def test_too_few_rounds_end_in_a_table_where_there_is_room_for_one():
    problem = Problem(**town(mentees=500, seed=16))

    solution = solve_by(Method(table=-1, few=0, rounds=1), problem)

    assert solution.pairs.tolist() == solve(problem).pairs.tolist()
    assert solution.optimal


def test_too_few_rounds_for_a_problem_beyond_any_table_leave_an_honest_gap():
    problem = Problem(**town(mentees=500, seed=16))
    best = solve(problem)

    solution = solve_by(Method(table=-1, few=0, rounds=1, last_table=0), problem)

    assert solution.total + solution.bonus * solution.placed < best.total + best.bonus * best.placed
    proved = solution.upper_bound + solution.bonus * solution.placed
    assert (proved >= best.total + best.bonus * best.placed, solution.optimal) == (True, False)


def test_people_who_were_placed_beforehand_count_towards_the_gap_but_stay():
    arguments = town(mentees=300, seed=17, share_forbidden=0)
    locked = [(mentee, mentor) for mentee, mentor in enumerate(np.flatnonzero(arguments["capacity"])[:40])]

    solution = solve_by(BY_PRICING, Problem(**arguments, locked=locked), gap=0.01)

    assert solution.pairs[:40].tolist() == [[mentee, int(mentor)] for mentee, mentor in locked]
    assert solution.gap <= 0.01


@pytest.mark.parametrize("tellings", [1, 3, 12])
def test_a_run_stops_when_whoever_is_told_of_it_raises(tellings):
    class Stopped(Exception):
        pass

    heard = []

    def stop(progress):
        heard.append(progress)
        if len(heard) == tellings:
            raise Stopped

    with pytest.raises(Stopped):
        solve_by(BY_PRICING, Problem(**town(mentees=1200, seed=18)), progress=stop)
    assert len(heard) == tellings
    assert {progress.step for progress in heard} == {"total"}


def test_hundreds_of_thousands_of_forbidden_pairs_are_kept():
    """Everybody may only be with mentors of their own tenth."""
    arguments = town(mentees=1100, seed=19)
    own = np.arange(1100)[:, None] % 10 == np.arange(550)[None, :] % 10

    solution = solve(Problem(**arguments | {"forbidden": np.argwhere(~own)}))

    assert (solution.pairs[:, 0] % 10).tolist() == (solution.pairs[:, 1] % 10).tolist()
    assert solution.optimal
