"""A result is proved without solving again, and nothing that was tampered with passes."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import InvalidProblem, Problem, prove, solve
from matching.engine.one_to_one import Method, solve_by

from .engine_brute_force import ranks
from .engine_instances import problems, town


@pytest.fixture(scope="module")
def problem():
    return Problem(**town(mentees=40, seed=8), locked=[(0, 3)])


@pytest.fixture(scope="module")
def total(problem):
    return solve(problem)


@pytest.fixture(scope="module")
def fairest(problem):
    return solve(problem, objective="fairest")


def test_the_stored_prices_prove_the_result(problem, total):
    proof = prove(problem, total.pairs, total.prices)

    assert (proof.placed, proof.total, proof.smallest) == (total.placed, total.total, total.smallest)
    assert (proof.upper_bound, proof.optimal) == (total.total, True)


def test_the_stored_cover_proves_the_fairest_result(problem, fairest):
    proof = prove(problem, fairest.pairs, fairest.prices, floor=fairest.floor, cover=fairest.cover)

    assert (proof.total, proof.smallest, proof.optimal) == (fairest.total, fairest.smallest, True)


@given(problem=problems(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_prices_whatever_prove_less_than_the_best_that_exists(problem, data):
    best, _ = ranks(problem)
    solution = solve(problem)
    price = st.integers(0, 3 * solution.bonus + 9)
    prices = data.draw(st.lists(price, min_size=problem.mentors, max_size=problem.mentors))

    proof = prove(problem, solution.pairs, prices)

    assert (best[0], proof.upper_bound) >= (solution.placed, best[1])


@pytest.mark.parametrize("change", [1, -1, 10**6])
def test_a_price_that_was_tampered_with_proves_nothing(problem, total, change):
    prices = total.prices.copy()
    mentor = int(prices.argmax())
    prices[mentor] += change

    proof = prove(problem, total.pairs, prices)

    assert proof.upper_bound > proof.total
    assert not proof.optimal


def test_a_pair_less_is_not_the_best_any_more(problem, total):
    fewer = total.pairs[total.pairs[:, 0] != int(total.pairs[1, 0])]

    proof = prove(problem, fewer, total.prices)

    assert (proof.placed, proof.optimal) == (total.placed - 1, False)


def test_two_people_exchanged_are_not_the_best_any_more():
    problem = Problem([[9, 1], [1, 8]], [[1, 0], [0, 1]], [1, 1])
    solution = solve(problem)

    proof = prove(problem, [[0, 1], [1, 0]], solution.prices)

    assert (proof.total, proof.upper_bound, proof.optimal) == (2, 17, False)


def test_a_floor_below_the_best_one_proves_nothing(problem, fairest):
    proof = prove(problem, fairest.pairs, fairest.prices, floor=fairest.floor - 1, cover=fairest.cover)

    assert (proof.optimal, proof.is_fairest) == (False, False)


@pytest.mark.parametrize("floor", [1, 10**6, 2.5, True, 10**400])
def test_a_floor_that_the_pairs_themselves_do_not_reach_is_refused(problem, fairest, floor):
    claimed = fairest.floor + 1 if floor == 1 and floor is not True else floor

    with pytest.raises(InvalidProblem, match="floor"):
        prove(problem, fairest.pairs, fairest.prices, floor=claimed, cover=fairest.cover)


def test_a_floor_without_its_cover_proves_nothing(problem, fairest):
    proof = prove(problem, fairest.pairs, fairest.prices, floor=fairest.floor)

    assert not proof.optimal


def test_pairs_that_break_a_rule_are_refused():
    problem = Problem(np.ones((3, 1)), np.ones((2, 1)), [1, 1], forbidden=[(0, 0)], locked=[(2, 1)])
    broken = {
        "A locked pair is forbidden": [[0, 0], [2, 1]],
        "A mentor is locked to more": [[0, 1], [2, 1]],
        "A mentee is locked to more": [[2, 0], [2, 1]],
        "A locked pair is missing": [[1, 0]],
        "The pairs name somebody": [[3, 0], [2, 1]],
    }

    for sentence, pairs in broken.items():
        with pytest.raises(InvalidProblem) as refusal:
            prove(problem, pairs, [0, 0])
        assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize("prices", [[-1, 0], [0], [0.5, 0], [float("nan"), 0]])
def test_prices_that_are_none_are_refused(prices):
    problem = Problem(np.ones((2, 1)), np.ones((2, 1)), [1, 1])

    with pytest.raises(InvalidProblem, match="The prices"):
        prove(problem, [[0, 0], [1, 1]], prices)


@pytest.mark.parametrize("scale", [1, 10_000, 10**6, 2**31])
def test_sums_are_exact_up_to_the_largest_fits_that_are_accepted(scale):
    """The same problem, scaled, has the same pairs and the scaled total, to the last unit."""
    arguments = town(mentees=40, seed=6, levels=2) | {"wants": None}
    rng = np.random.default_rng(6)
    wants = rng.integers(0, 4, (40, arguments["offers"].shape[1]))
    small = solve(Problem(**arguments | {"wants": wants}))

    large = solve(Problem(**arguments | {"wants": wants * scale}))

    assert (large.placed, large.total, large.optimal) == (small.placed, small.total * scale, True)
    assert large.pairs.tolist() == small.pairs.tolist()


@pytest.fixture(scope="module")
def large(problem):
    return solve_by(Method(table=-1, few=0), problem, compare=True)


def test_a_result_found_without_the_table_is_proved_alike(problem, large):
    fairest = large.comparison

    proofs = [
        prove(problem, large.pairs, large.prices),
        prove(problem, fairest.pairs, fairest.prices, floor=fairest.floor, cover=fairest.cover),
    ]

    assert [(proof.total, proof.upper_bound, proof.optimal) for proof in proofs] == [
        (solution.total, solution.upper_bound, True) for solution in (large, fairest)
    ]


@pytest.mark.parametrize("change", [1, -1, 10**6, 2**53 - 1])
def test_no_price_of_a_large_result_can_be_tampered_with(problem, large, change):
    """A price that is changed by itself never proves more, and proves nothing if it mattered."""
    for mentor in range(problem.mentors):
        prices = large.prices.copy()
        prices[mentor] = min(max(prices[mentor] + change, 0), 2**53)

        proof = prove(problem, large.pairs, prices)

        assert proof.upper_bound >= large.total
        assert proof.optimal == (proof.upper_bound == large.total)


@pytest.mark.parametrize("row", [0, 1])
def test_a_cover_that_was_tampered_with_proves_nothing(problem, large, row):
    """Nobody to cover for those who were placed, or everybody covered at the price of all places."""
    fairest = large.comparison
    cover = fairest.cover.copy()
    cover[row] = 1 - cover[row]

    proof = prove(problem, fairest.pairs, fairest.prices, floor=fairest.floor, cover=cover)

    assert not proof.optimal


def test_fewer_pairs_are_not_the_most_that_can_be_placed(problem, large):
    fairest = large.comparison
    fewer = fairest.pairs[fairest.pairs[:, 0] != fairest.pairs[-1, 0]]

    proof = prove(problem, fewer, fairest.prices, floor=fairest.floor, cover=fairest.cover)

    assert (proof.placed, proof.optimal) == (fairest.placed - 1, False)


def test_a_proof_never_holds_the_whole_table():
    """Of 6,000 mentees and 3,000 mentors a table would take 144 MB."""
    rng = np.random.default_rng(1)
    problem = Problem(rng.integers(0, 9, (6000, 3)), rng.integers(0, 2, (3000, 3)), np.zeros(3000))

    tracemalloc.start()
    proof = prove(problem, [], np.zeros(3000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (proof.placed, proof.optimal, peak < 40_000_000) == (0, False, True)
