"""The best choice among listed pairs, from whatever guess, with prices that prove it."""

import importlib.util

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.arcs import Arcs
from matching.engine.assignment import assign
from matching.engine.flow import best_flow
from matching.engine.potentials import potentials

quick = settings(max_examples=60, deadline=None)
solvers = pytest.mark.parametrize(
    "solver",
    [
        "paths",
        pytest.param(
            "network",
            marks=pytest.mark.skipif(
                importlib.util.find_spec("ortools") is None, reason="requirements-large.txt isn't installed"
            ),
        ),
    ],
)


def drawn(seed, most_places, is_most):
    """A table with gaps, capacities, and prices and gains that are nothing but a guess."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 30, 2)
    worth = rng.integers(1, rng.choice([2, 20, 2000]) + 1, (rows, columns)) + (10**6 if is_most else 0)
    worth[rng.random((rows, columns)) < rng.random()] = 0
    guess = rng.integers(0, 3000, columns), rng.integers(0, 10**6, rows) * rng.integers(0, 2)
    return worth.astype(float), rng.integers(0, most_places + 1, columns), guess


@solvers
@given(seed=st.integers(0, 10**6), most_places=st.sampled_from([1, 3, 50]), is_most=st.booleans())
@quick
def test_the_choice_is_worth_most_whatever_was_guessed(solver, seed, most_places, is_most):
    worth, capacity, guess = drawn(seed, most_places, is_most)
    arcs = Arcs.of_table(worth)

    flow = best_flow(arcs, capacity, *guess, is_most=is_most, solver=solver)

    chosen = flow.chosen[flow.chosen >= 0]
    best = assign(worth, capacity).mentor_of
    placed = np.flatnonzero(best >= 0)
    assert arcs.worth[chosen].sum() == worth[placed, best[placed]].sum()
    assert (np.bincount(arcs.column[chosen], minlength=len(capacity)) <= capacity).all()
    assert np.flatnonzero(flow.chosen >= 0).tolist() == arcs.row[chosen].tolist()


@solvers
@given(seed=st.integers(0, 10**6), most_places=st.sampled_from([1, 3, 50]), is_most=st.booleans())
@quick
def test_prices_and_gains_prove_the_choice(solver, seed, most_places, is_most):
    worth, capacity, guess = drawn(seed, most_places, is_most)
    arcs = Arcs.of_table(worth)

    flow = best_flow(arcs, capacity, *guess, is_most=is_most, solver=solver)

    assert (flow.prices >= 0).all() and (flow.gains >= 0).all()
    assert (flow.gains[arcs.row] + flow.prices[arcs.column] >= arcs.worth).all()
    total = arcs.worth[flow.chosen[flow.chosen >= 0]].sum()
    assert flow.gains.sum() + flow.prices @ capacity == total


def test_prices_that_prove_already_stay_as_they_are():
    arcs = Arcs.of_table(np.array([[9.0, 4.0], [8.0, 7.0]]))

    prices, gains = potentials(arcs, np.array([1, 1]), np.array([0, 3]), np.array([3, 1]))

    assert (prices.tolist(), gains.tolist()) == ([3, 1], [6, 6])


def test_a_choice_that_is_not_the_best_has_no_prices():
    arcs = Arcs.of_table(np.array([[9.0, 1.0], [1.0, 9.0]]))

    with pytest.raises(ArithmeticError, match="wasn't the best"):
        potentials(arcs, np.array([1, 1]), np.array([1, 2]), np.array([0, 0]))


def test_a_pair_listed_twice_counts_once():
    arcs = Arcs.of((2, 2), np.array([1, 0]), np.array([0, 1]), np.array([5, 6]))

    joined = arcs.joined(np.array([1, 1]), np.array([0, 1]), np.array([5, 7]))

    assert joined.table().tolist() == [[0, 6], [5, 7]]
    assert joined.start.tolist() == [0, 1, 3]
