from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.cadence import (
    Held,
    Plan,
    ago,
    progress,
)
from meetings.tests.standing import FIRST, LAST, OFFICIAL, RHYTHM, WINDOWS, stand


@pytest.mark.clause("EI-1b")
def test_official_meetings_are_counted_against_their_windows():
    found = stand(OFFICIAL, Held(date(2026, 1, 12), True), today=date(2026, 2, 2))

    assert (found.summary, found.next_step) == ("1 of 3 official meetings", "the next by 15 March")
    assert (found.due_from, found.due_by) == (date(2026, 2, 1), date(2026, 3, 15))
    assert not found.is_late


@pytest.mark.clause("EI-1b")
def test_a_meeting_that_is_not_official_does_not_count():
    found = stand(OFFICIAL, Held(date(2026, 1, 12), False), today=date(2026, 1, 20))

    assert (found.summary, found.next_step) == ("0 of 3 official meetings", "the first by 31 January")
    assert found.last_met == "last met 8 days ago"


def test_on_the_last_day_of_a_window_nobody_is_late_and_on_the_next_day_they_are():
    in_time = stand(OFFICIAL, today=date(2026, 1, 31))
    late = stand(OFFICIAL, today=date(2026, 2, 1))

    assert (in_time.is_late, in_time.next_step) == (False, "the first by 31 January")
    assert (late.is_late, late.next_step) == (True, "the first was due by 31 January")


def test_nothing_is_due_after_the_last_official_meeting():
    held = [Held(date(2026, 1, day), True) for day in (5, 12, 19)]

    found = stand(OFFICIAL, *held, today=date(2026, 2, 2))

    assert (found.is_complete, found.next_step, found.due_by) == (True, "", None)


def test_more_official_meetings_than_asked_for_read_as_all_of_them():
    held = [Held(date(2026, 1, day), True) for day in (5, 12, 19, 26)]

    assert stand(OFFICIAL, *held, today=date(2026, 2, 2)).summary == "3 of 3 official meetings"


def test_a_meeting_without_a_window_of_its_own_is_due_by_the_end_of_the_cohort():
    plan = Plan(starts_on=FIRST, ends_on=LAST, official=3, windows=WINDOWS[:1])

    assert stand(plan, Held(FIRST, True), today=date(2026, 2, 2)).next_step == "the next by 30 April"


@pytest.mark.clause("EI-1b")
@pytest.mark.parametrize(
    ("introduced_on", "held", "due_by"),
    [
        (date(2026, 1, 5), 0, date(2026, 1, 31)),
        (date(2026, 1, 20), 0, date(2026, 2, 10)),
        (date(2026, 2, 2), 0, date(2026, 2, 23)),
        (date(2026, 3, 10), 1, date(2026, 3, 31)),
        (date(2026, 4, 20), 0, LAST),
    ],
)
def test_a_late_pair_has_the_first_days_of_every_pair(introduced_on, held, due_by):
    plan = Plan(starts_on=FIRST, ends_on=LAST, official=3, windows=WINDOWS, first_days=21)

    found = stand(plan, *[Held(introduced_on, True)] * held, today=introduced_on, introduced_on=introduced_on)

    assert (found.due_by, found.is_late) == (due_by, False)


@pytest.mark.clause("EI-2")
@pytest.mark.parametrize("plan", [OFFICIAL, RHYTHM])
def test_nothing_is_due_after_the_last_day_of_the_cohort(plan):
    assert stand(plan, today=LAST).due_by is not None
    assert stand(plan, today=LAST + timedelta(days=1)).due_by is None


@pytest.mark.clause("EI-2")
@pytest.mark.parametrize("plan", [OFFICIAL, RHYTHM])
def test_nothing_is_due_in_a_partnership_that_has_ended(plan):
    assert stand(plan, today=date(2026, 1, 5), is_over=True).due_by is None


def test_a_rhythm_wants_the_next_meeting_between_the_least_and_the_most_weeks_after_the_last():
    found = stand(RHYTHM, Held(date(2026, 1, 5), False), today=date(2026, 1, 26))

    assert (found.rhythm, found.last_met) == ("every 4–6 weeks", "last met 3 weeks ago")
    assert (found.due_from, found.due_by) == (date(2026, 2, 2), date(2026, 2, 16))
    assert (found.summary, found.next_step) == ("1 meeting so far", "the next by 16 February")


def test_the_first_meeting_of_a_rhythm_is_wanted_within_its_longest_pause_after_the_introduction():
    found = stand(RHYTHM, today=date(2025, 12, 20), introduced_on=date(2025, 12, 10))

    assert (found.summary, found.due_by) == ("No meeting yet", date(2026, 1, 21))


def test_who_is_introduced_before_the_cohort_begins_is_asked_for_nothing_earlier_than_the_others():
    found = stand(RHYTHM, today=date(2025, 11, 20), introduced_on=date(2025, 11, 18))

    assert found.due_by == FIRST + timedelta(weeks=6)


def test_a_rhythm_asks_for_nothing_after_the_last_day():
    near_the_end = stand(RHYTHM, Held(date(2026, 3, 30), False), today=date(2026, 4, 6))
    too_near = stand(RHYTHM, Held(date(2026, 4, 13), False), today=date(2026, 4, 20))

    assert near_the_end.due_by == LAST
    assert too_near.due_by is None


def test_a_rhythm_of_one_length_reads_as_one():
    assert stand(Plan(starts_on=FIRST, ends_on=LAST, weeks=(4, 4)), today=FIRST).rhythm == "every 4 weeks"


def test_a_programme_without_either_only_counts():
    found = stand(Plan(starts_on=FIRST, ends_on=LAST), Held(FIRST, False), today=date(2025, 12, 9))

    assert (found.summary, found.rhythm, found.next_step) == ("1 meeting so far", "", "")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "yesterday"),
        (2, "2 days ago"),
        (13, "13 days ago"),
        (14, "2 weeks ago"),
        (20, "2 weeks ago"),
        (21, "3 weeks ago"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_whole_unit(days, words):
    today = date(2026, 2, 2)

    assert ago(today - timedelta(days=days), today) == words


DAYS = st.dates(FIRST, LAST)


@given(
    meetings=st.lists(st.builds(Held, DAYS, st.booleans()), max_size=8, unique_by=lambda meeting: meeting.on),
    today=st.dates(FIRST, LAST + timedelta(days=30)),
    introduced_on=DAYS,
    plan=st.sampled_from([OFFICIAL, RHYTHM]),
)
def test_whatever_was_held_what_is_due_lies_in_order_and_within_the_cohort(
    meetings, today, introduced_on, plan
):
    found = progress(plan, meetings, introduced_on=introduced_on, today=today, is_over=False)

    assert (found.due_from is None) == (found.due_by is None)
    if found.due_from and found.due_by:
        assert FIRST <= found.due_from <= found.due_by <= LAST
        assert today <= LAST
    assert found.is_late == (found.due_by is not None and today > found.due_by)


@given(meetings=st.lists(st.builds(Held, DAYS, st.booleans()), max_size=6), one_more=DAYS, today=DAYS)
def test_one_more_official_meeting_never_brings_the_next_one_forward(meetings, one_more, today):
    before = progress(OFFICIAL, meetings, introduced_on=FIRST, today=today, is_over=False)
    after = progress(
        OFFICIAL, [*meetings, Held(one_more, True)], introduced_on=FIRST, today=today, is_over=False
    )

    assert after.held == before.held + 1
    assert after.due_by is None or (before.due_by is not None and after.due_by > before.due_by)
