"""What becomes of small numbers before anybody reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorship.lib.rounding import (
    average,
    figure,
    kept,
    kept_average,
    nearest_five,
    of_concerns,
    share,
    share_of_kept,
    shown,
)

people = st.integers(0, 400)


@pytest.mark.clause("EI-7")
@pytest.mark.parametrize(
    ("number", "shown", "where_taking_part_is_sensitive", "of_concern"),
    [
        (0, "0", "0", "fewer than 5"),
        (1, "0", "<10", "fewer than 5"),
        (2, "0", "<10", "fewer than 5"),
        (3, "5", "<10", "fewer than 5"),
        (4, "5", "<10", "fewer than 5"),
        (5, "5", "<10", "5"),
        (7, "5", "<10", "5"),
        (8, "10", "<10", "10"),
        (9, "10", "<10", "10"),
        (10, "10", "10", "10"),
        (22, "20", "20", "20"),
        (23, "25", "25", "25"),
    ],
)
def test_a_count_is_shown_rounded(number, shown, where_taking_part_is_sensitive, of_concern):
    assert figure(number) == shown
    assert figure(number, is_sensitive=True) == where_taking_part_is_sensitive
    assert of_concerns(number) == of_concern


@pytest.mark.clause("EI-7")
@pytest.mark.parametrize(
    ("part", "whole", "shown", "where_taking_part_is_sensitive"),
    [
        (0, 22, "", ""),
        (22, 22, "", ""),
        (0, 23, "0%", "0%"),
        (2, 23, "0%", ""),
        (9, 23, "40%", ""),
        (10, 23, "40%", "40%"),
        (23, 23, "100%", "100%"),
        (27, 27, "100%", "100%"),
        (12, 30, "33%", "33%"),
        (13, 30, "50%", "50%"),
    ],
)
def test_a_share_is_that_of_two_shown_counts_and_of_no_fewer_than_23_people(
    part, whole, shown, where_taking_part_is_sensitive
):
    assert share(part, whole) == shown
    assert share(part, whole, is_sensitive=True) == where_taking_part_is_sensitive


@pytest.mark.parametrize(("people", "shown"), [(0, ""), (1, ""), (7, ""), (8, "80%"), (10, "80%")])
def test_an_average_is_that_of_more_than_seven_people(people, shown):
    assert average([82.4] * people) == shown


@given(part=people, whole=people, sensitive=st.booleans())
def test_a_share_tells_nothing_that_the_two_counts_do_not(part, whole, sensitive):
    """Everybody with the same two figures has the same share: nothing can be reckoned back from it."""
    part = min(part, whole)
    alike = [
        n
        for n in range(max(part - 5, 0), part + 6)
        if figure(n, is_sensitive=sensitive) == figure(part, is_sensitive=sensitive)
    ]

    shares = {share(each, whole, is_sensitive=sensitive) for each in alike if each <= whole}

    assert shares == {share(part, whole, is_sensitive=sensitive)}


@given(number=people)
def test_a_figure_is_never_further_than_two_from_the_count(number):
    assert abs(nearest_five(number) - number) <= 2


@pytest.mark.clause("EI-7")
@given(number=people, sensitive=st.booleans())
def test_what_is_stored_is_rounded_and_shown_as_it_would_have_been_from_the_count(number, sensitive):
    stored = kept(number, is_sensitive=sensitive)

    assert shown(stored) == figure(number, is_sensitive=sensitive)
    assert stored is None or stored % 5 == 0


@pytest.mark.clause("EI-7")
@given(part=people, whole=people, sensitive=st.booleans())
def test_a_share_of_what_is_stored_is_that_of_the_counts(part, whole, sensitive):
    stored = [kept(number, is_sensitive=sensitive) for number in (part, whole)]

    assert share_of_kept(*stored) == share(part, whole, is_sensitive=sensitive)


@pytest.mark.clause("EI-7")
@pytest.mark.parametrize(
    ("number", "sensitive", "mean"),
    [(0, False, None), (7, False, None), (8, False, 70), (8, True, None), (9, True, None), (10, True, 70)],
)
def test_a_stored_mean_is_of_more_than_seven_people_and_of_ten_where_being_there_is_sensitive(
    number, sensitive, mean
):
    assert kept_average([71] * number, is_sensitive=sensitive) == mean
