"""Calendar months, periods that touch, and periods that are over (EI-1d)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorship.lib.periods import (
    common,
    is_longer_than_a_month,
    joined,
    last_day_of_a_month_from,
    last_day_over,
    months_later,
)

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
NEAR = st.dates(date(2026, 1, 1), date(2026, 3, 31))
PERIODS = st.lists(st.tuples(NEAR, NEAR), max_size=6)


def days_of(periods):
    """Every single day of some periods, the slow and sure way."""
    return {first + timedelta(n) for first, last in periods for n in range((last - first).days + 1)}


@pytest.mark.clause("EI-1d")
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 10), date(2026, 2, 9)),  # 31 days
        (date(2026, 4, 10), date(2026, 5, 9)),  # 30 days
        (date(2026, 2, 1), date(2026, 2, 28)),  # 28 days
        (date(2024, 2, 1), date(2024, 2, 29)),  # 29 days
        (date(2026, 2, 10), date(2026, 3, 9)),  # 28 days over a month's end
        (date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 12, 15), date(2027, 1, 14)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2026, 1, 30), date(2026, 2, 28)),
        (date(2026, 1, 29), date(2026, 2, 28)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2024, 2, 29), date(2024, 3, 28)),
    ],
)
def test_a_month_ends_on_the_day_before_its_first_comes_round(first, last):
    assert last_day_of_a_month_from(first) == last
    assert is_longer_than_a_month(first, last) is False
    assert is_longer_than_a_month(first, last + timedelta(days=1)) is True


@given(DAYS)
def test_a_month_has_28_to_31_days(first):
    assert 28 <= (last_day_of_a_month_from(first) - first).days + 1 <= 31


@given(DAYS)
def test_who_leaves_later_is_back_no_earlier(first):
    assert last_day_of_a_month_from(first) <= last_day_of_a_month_from(first + timedelta(days=1))


@given(DAYS, st.integers(0, 400))
def test_a_longer_absence_never_becomes_short_again(first, days):
    last = first + timedelta(days=days)

    if is_longer_than_a_month(first, last):
        assert is_longer_than_a_month(first, last + timedelta(days=1))


@given(PERIODS)
def test_joined_periods_have_the_same_days_in_order_with_a_gap_between(periods):
    whole = joined(periods)

    assert days_of(whole) == days_of(periods)
    assert all(first <= last for first, last in whole)
    assert all(last + timedelta(days=1) < first for (_, last), (first, _) in pairwise(whole))


@given(PERIODS)
def test_joining_again_changes_nothing(periods):
    assert joined(joined(periods)) == joined(periods)


@pytest.mark.parametrize(
    ("periods", "whole"),
    [
        ([], []),
        ([(date(2026, 1, 5), date(2026, 1, 4))], []),
        (
            [(date(2026, 1, 21), date(2026, 2, 10)), (date(2026, 1, 1), date(2026, 1, 20))],
            [(date(2026, 1, 1), date(2026, 2, 10))],
        ),
        (
            [(date(2026, 1, 1), date(2026, 1, 20)), (date(2026, 1, 22), date(2026, 1, 25))],
            [(date(2026, 1, 1), date(2026, 1, 20)), (date(2026, 1, 22), date(2026, 1, 25))],
        ),
        (
            [(date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 1, 3), date(2026, 1, 5))],
            [(date(2026, 1, 1), date(2026, 1, 31))],
        ),
    ],
    ids=["none", "empty", "touching", "a day between", "within"],
)
def test_periods_that_touch_are_one(periods, whole):
    assert joined(periods) == whole


@given(st.lists(PERIODS, min_size=1, max_size=3))
def test_common_days_are_those_of_every_list(several):
    each = [days_of(periods) for periods in several]

    assert days_of(common(several)) == set.intersection(*each)


def test_no_list_has_nothing_in_common():
    assert common([]) == []


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 14), 1, date(2026, 2, 14)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 4, 30), 24, date(2028, 4, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day, months, later):
    assert months_later(day, months) == later


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_a_period_is_over_from_the_last_such_day_and_from_none_after_it(on, months):
    over = last_day_over(on, months)

    assert months_later(over, months) <= on < months_later(over + timedelta(days=1), months)
