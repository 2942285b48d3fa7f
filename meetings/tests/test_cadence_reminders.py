"""What rests, what has slipped, and when anybody is reminded."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.cadence import (
    Held,
    Plan,
    Rest,
    Stage,
    later,
    reminder_due,
)
from meetings.tests.standing import FIRST, LAST, NOTHING_RESTS, OFFICIAL, RHYTHM, stand

# What rests


AWAY = (date(2026, 1, 20), date(2026, 2, 8))  # twenty days, twelve of them in the first window


@pytest.mark.clause("EI-1d")
def test_a_window_moves_by_the_days_of_an_absence_in_it():
    found = stand(OFFICIAL, today=date(2026, 2, 2), rest=Rest(away=[AWAY]))

    assert (found.due_by, found.is_late, found.stage) == (date(2026, 2, 20), False, Stage.RESTING)


@pytest.mark.clause("EI-1d")
def test_a_rhythm_moves_by_the_days_of_an_absence():
    without = stand(RHYTHM, Held(date(2026, 1, 5), False), today=date(2026, 1, 26))
    found = stand(RHYTHM, Held(date(2026, 1, 5), False), today=date(2026, 1, 26), rest=Rest(away=[AWAY]))

    assert found.due_by == without.due_by + timedelta(days=20)


@pytest.mark.clause("EI-1d")
def test_an_absence_that_leaves_too_little_time_is_for_the_office_to_decide():
    short = stand(OFFICIAL, today=FIRST, rest=Rest(away=[(date(2026, 1, 1), date(2026, 1, 20))]))
    long = stand(OFFICIAL, today=FIRST, rest=Rest(away=[(date(2025, 12, 2), date(2026, 4, 25))]))

    assert (short.is_squeezed, long.is_squeezed, long.due_by) == (False, True, LAST)


@pytest.mark.clause("EI-1d")
@given(
    first=st.integers(0, 200),
    length=st.integers(1, 60),
    day=st.integers(0, 160),
    plan=st.sampled_from([OFFICIAL, RHYTHM]),
)
def test_an_absence_never_makes_anything_due_earlier_and_nothing_is_due_in_it(first, length, day, plan):
    today = FIRST + timedelta(days=day)
    away = (FIRST + timedelta(days=first), FIRST + timedelta(days=first + length - 1))

    without, found = stand(plan, today=today), stand(plan, today=today, rest=Rest(away=[away]))

    if without.due_by:
        assert without.due_by <= found.due_by <= LAST
    if away[0] <= today <= away[1] and found.stage is not Stage.OVER:
        assert found.stage is Stage.RESTING
        assert reminder_due(found, {}, rest=Rest(away=[away]), again_days=7) is None


def test_a_pause_rests_everything():
    assert stand(OFFICIAL, today=date(2026, 2, 20), rest=Rest(is_paused=True)).stage is Stage.RESTING


# What has slipped, and what is broken


@pytest.mark.clause("BM-5")
@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2026, 2, 16), Stage.FINE),
        (date(2026, 2, 17), Stage.SLIPPED),
        (date(2026, 3, 1), Stage.SLIPPED),
        (date(2026, 3, 2), Stage.BROKEN),
    ],
)
def test_a_rhythm_slips_after_six_weeks_and_is_broken_after_eight(today, stage):
    assert stand(RHYTHM, Held(date(2026, 1, 5), False), today=today).stage is stage


@pytest.mark.clause("EI-1b")
@pytest.mark.parametrize(
    ("today", "held", "number"),
    [
        (date(2026, 1, 31), 0, None),
        (date(2026, 2, 1), 0, 1),
        (date(2026, 3, 15), 1, None),
        (date(2026, 3, 16), 1, 2),
        (date(2026, 3, 16), 0, 2),
        (date(2026, 4, 16), 2, 3),
        (date(2026, 4, 16), 3, None),
    ],
)
def test_the_latest_official_meeting_that_is_missing_is_overdue_from_the_day_after_its_window(
    today, held, number
):
    found = stand(OFFICIAL, *[Held(date(2026, 1, 5), True)] * held, today=today)

    assert (found.overdue and found.overdue.number) == number


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2026, 1, 31), 0), (date(2026, 2, 1), 1), (date(2026, 3, 16), 2), (date(2026, 4, 30), 3)],
)
def test_so_many_official_meetings_should_have_been_held_by_a_day(today, expected):
    assert stand(OFFICIAL, today=today).expected == expected


def test_a_rhythm_expects_a_meeting_for_each_of_its_longest_pauses():
    assert [stand(RHYTHM, today=FIRST + timedelta(days=days)).expected for days in (0, 42, 43, 84, 85)] == [
        0,
        0,
        1,
        1,
        2,
    ]


def test_a_planned_meeting_is_no_reason_to_worry_until_its_day_has_passed():
    late = date(2026, 2, 20)
    rest = Rest(planned_on=late)

    assert stand(OFFICIAL, today=late, rest=rest).stage is Stage.FINE
    assert stand(OFFICIAL, today=late + timedelta(days=1), rest=rest).stage is Stage.BROKEN


# Reminders


def reminders(plan: Plan, rest: Rest = NOTHING_RESTS, *, days: int = 150) -> list[tuple[date, int]]:
    """The days and steps of all reminders of a pair that never meets, asked every day."""
    sent: dict[int, dict[int, date]] = {}
    found = []
    for number in range(days):
        today = FIRST + timedelta(days=number)
        state = stand(plan, today=today, rest=rest)
        known = sent.setdefault(state.overdue.number, {}) if state.overdue else {}
        if step := reminder_due(state, known, rest=rest, again_days=plan.again_days):
            known[step] = today
            found.append((today, step))
    return found


@pytest.mark.clause("BM-5")
def test_who_never_meets_is_reminded_twice_and_the_office_is_told_a_week_later():
    overdue = stand(RHYTHM, today=date(2026, 1, 20)).overdue

    assert reminders(RHYTHM) == [(date(2026, 1, 13), 1), (date(2026, 1, 20), 2)]
    assert overdue.broken_on == date(2026, 1, 26)


@pytest.mark.clause("EI-1b")
def test_each_official_meeting_that_is_missing_is_reminded_of_twice():
    assert reminders(OFFICIAL) == [
        (date(2026, 2, 1), 1),
        (date(2026, 2, 8), 2),
        (date(2026, 3, 16), 1),
        (date(2026, 3, 23), 2),
        (date(2026, 4, 16), 1),
        (date(2026, 4, 23), 2),
    ]


def test_a_pair_that_is_slow_to_begin_is_reminded_once_although_its_first_window_is_open():
    plan = replace(OFFICIAL, first_days=21)

    assert reminders(plan)[:2] == [(date(2025, 12, 23), 1), (date(2026, 2, 1), 1)]


def test_who_says_that_a_date_is_being_found_has_a_week_of_quiet():
    rest = Rest(arranging=[(date(2026, 1, 14), date(2026, 1, 20))])

    assert reminders(RHYTHM, rest) == [(date(2026, 1, 13), 1), (date(2026, 1, 27), 2)]


def test_who_always_says_so_comes_to_the_office_after_twice_the_time():
    overdue = stand(
        RHYTHM, today=date(2026, 2, 20), rest=Rest(arranging=[(date(2026, 1, 13), date(2026, 4, 30))])
    ).overdue

    assert overdue.broken_on == date(2026, 1, 12) + timedelta(days=28)


@pytest.mark.clause("EI-1d")
def test_the_second_reminder_waits_for_the_end_of_an_absence():
    rest = Rest(away=[(date(2026, 1, 15), date(2026, 1, 31))])

    assert reminders(RHYTHM, rest) == [(date(2026, 1, 13), 1), (date(2026, 2, 6), 2)]


def test_a_clock_that_stood_still_loses_no_reminder_and_sends_no_two_in_a_week():
    late = stand(RHYTHM, today=date(2026, 2, 20))

    first = reminder_due(late, {}, rest=Rest(), again_days=7)
    second = reminder_due(late, {1: date(2026, 2, 19)}, rest=Rest(), again_days=7)

    assert (first, second) == (1, None)


@pytest.mark.clause("EI-2")
@given(
    start=st.dates(date(2025, 10, 1), date(2026, 6, 1)),
    length=st.integers(0, 300),
    plan=st.sampled_from([OFFICIAL, RHYTHM]),
)
def test_no_reminder_ever_falls_outside_the_cohort_nor_into_an_absence(start, length, plan):
    away = (start, start + timedelta(days=length))

    found = reminders(plan, Rest(away=[away]), days=220)

    assert [on for on, _ in found if not FIRST <= on <= LAST or away[0] <= on <= away[1]] == []


@given(
    st.dates(date(2025, 1, 1), date(2028, 12, 31)),
    st.integers(0, 90),
    st.lists(st.tuples(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.integers(0, 40)), max_size=4),
)
def test_later_is_the_day_on_which_so_many_days_without_rest_have_passed(start, days, rests):
    resting = [(first, first + timedelta(days=length)) for first, length in rests]

    end = later(start, days, resting)

    passed = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
    assert sum(not any(first <= day <= last for first, last in resting) for day in passed) == days
