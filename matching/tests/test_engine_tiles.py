"""A look at every pair, tile by tile, sees exactly what the whole table would show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.processors import share
from matching.engine.tiles import NEVER, Survey


def drawn(seed, scale=1, rows=700, columns=90):
    """Features, forbidden pairs and prices."""
    rng = np.random.default_rng(seed)
    left = rng.integers(-2, 6, (rows, 7)) * scale
    right = rng.integers(0, 3, (columns, 7))
    return left, right, np.argwhere(rng.random((rows, columns)) < 0.3), rng.integers(0, 9 * scale, columns)


def table(left, right, barred, prices, floor=None):
    fits = left.astype(object) @ right.astype(object).T
    values = fits - prices.astype(object)
    values[tuple(barred.T)] = NEVER
    return values if floor is None else np.where(fits < floor, NEVER, values)


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("scale", [1, 2**12, 2**19, 2**24, 2**40])
@pytest.mark.parametrize("floor", [None, 5])
def test_the_best_of_every_row_is_exact_at_any_scale(noisy, scale, floor):
    """Single precision ends at 2**24, and with noise at 2**19."""
    left, right, barred, prices = drawn(1, scale)
    left[0, 0] += 1
    floor = None if floor is None else floor * scale + 1

    look = Survey(left, right, barred, floor).look(prices, 4, noisy=noisy)

    values = table(left, right, barred, prices, floor)
    assert look.best.max(axis=1).tolist() == values.max(axis=1).tolist()
    rows, tiles = np.nonzero(look.best > NEVER)
    assert values[rows, look.column[rows, tiles]].tolist() == look.best[rows, tiles].tolist()


@given(tiles=st.integers(1, 200), seed=st.integers(0, 50), bonus=st.sampled_from([0, 2**18, 2**45]))
@settings(max_examples=20, deadline=None)
def test_large_prices_of_some_columns_leave_the_others_exact(tiles, seed, bonus):
    left, right, barred, prices = drawn(seed, 1000, rows=40)
    barred = barred[barred[:, 0] < 40]
    prices[::3] += bonus

    look = Survey(left, right, barred).look(prices, tiles)

    assert look.best.max(axis=1).tolist() == table(left, right, barred, prices).max(axis=1).tolist()


def test_the_pairs_at_the_target_are_listed():
    left, right, barred, prices = drawn(3)
    values = table(left, right, barred, prices)
    target = values.max(axis=1).astype(np.int64)
    target[::2] += 1

    look = Survey(left, right, barred).look(prices, 5, target=target)

    assert look.tight.tolist() == np.argwhere(values == target[:, None]).tolist()


def test_too_many_pairs_at_the_target_are_not_listed():
    alike = np.ones((1100, 1), dtype=np.int64)

    look = Survey(alike, alike, np.zeros((0, 2), dtype=np.int64)).look(
        np.zeros(1100, dtype=np.int64), 3, target=np.ones(1100, dtype=np.int64)
    )

    assert look.tight is None


def test_some_rows_see_what_they_would_see_among_all():
    left, right, barred, prices = drawn(4)
    rows = np.arange(0, 700, 9)
    survey = Survey(left, right, barred)

    few, everybody = survey.of_rows(rows).look(prices, 4), survey.look(prices, 4)

    assert few.best.tolist() == everybody.best[rows].tolist()
    assert few.column.tolist() == everybody.column[rows].tolist()


def test_noise_spreads_equals_over_many_columns():
    alike = np.ones((400, 1), dtype=np.int64)
    survey = Survey(alike, alike[:100], np.zeros((0, 2), dtype=np.int64))
    free = np.zeros(100, dtype=np.int64)

    plain, noisy = (survey.look(free, 1, noisy=noisy).column for noisy in (False, True))

    assert (len(np.unique(plain)), len(np.unique(noisy)) > 20) == (1, True)


def test_shared_work_is_all_done_and_stops_at_an_exception():
    done = []

    class Stopped(Exception):
        pass

    def stop():
        if len(done) >= 5:
            raise Stopped

    share(done.append, 40, lambda: None)
    assert sorted(done) == list(range(40))
    done.clear()
    with pytest.raises(Stopped):
        share(done.append, 10_000, stop)
    assert len(done) < 10_000
