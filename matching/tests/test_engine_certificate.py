"""A result is proved without solving again, and nothing that was tampered with passes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import InvalidProblem, Problem, prove, solve

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


@pytest.mark.parametrize("change", [-1, 1])
def test_a_floor_that_was_tampered_with_proves_nothing(problem, fairest, change):
    proof = prove(problem, fairest.pairs, fairest.prices, floor=fairest.floor + change, cover=fairest.cover)

    assert not proof.optimal


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
