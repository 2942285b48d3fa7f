from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from meetings.tests.people import refusal
from mentorship.lib.moments import in_words, moment_of, morning_before

LONDON, TOKYO, ANGELES = (ZoneInfo(key) for key in ("Europe/London", "Asia/Tokyo", "America/Los_Angeles"))
FORWARD, BACK = date(2027, 3, 28), date(2027, 10, 31)  # the nights in which London's clocks change


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (LONDON, "Thursday 31 December 2026, 20:30 (London)"),
        (TOKYO, "Friday 1 January 2027, 05:30 (Tokyo)"),
        (ANGELES, "Thursday 31 December 2026, 12:30 (Los Angeles)"),
    ],
)
def test_everybody_reads_a_moment_by_their_own_clock_and_calendar(zone, expected):
    assert in_words(datetime(2026, 12, 31, 20, 30, tzinfo=UTC), zone) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (LONDON, datetime(2027, 7, 1, 16, tzinfo=UTC)),
        (TOKYO, datetime(2027, 7, 1, 8, tzinfo=UTC)),
        (ANGELES, datetime(2027, 7, 2, 0, tzinfo=UTC)),
    ],
)
def test_what_is_typed_is_a_moment_in_the_readers_zone(zone, expected):
    assert moment_of(date(2027, 7, 1), time(17), zone) == expected


def test_a_time_that_the_clocks_skip_is_refused():
    assert refusal(moment_of, FORWARD, time(1, 30), LONDON) == (
        "The clocks go forward that night, and it is never 01:30: choose an earlier or a later time."
    )


@pytest.mark.parametrize(("clock", "hour"), [(time(0, 59), 0), (time(2), 1)])
def test_the_times_around_the_skipped_hour_are_moments(clock, hour):
    assert moment_of(FORWARD, clock, LONDON) == datetime(2027, 3, 28, hour, clock.minute, tzinfo=UTC)


def test_a_time_that_comes_twice_means_the_first():
    assert moment_of(BACK, time(1, 30), LONDON) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("on", "zone"), [(date.max, ANGELES), (date.min, TOKYO)])
def test_days_at_the_ends_of_time_are_refused_and_break_nothing(on, zone):
    clock = time(23) if on == date.max else time(1)

    assert refusal(moment_of, on, clock, zone) == "Choose a day of this programme."


@pytest.mark.parametrize(
    ("starts_at", "zone", "expected"),
    [
        pytest.param((2027, 3, 28, 9), LONDON, (2027, 3, 27, 9), id="the night forward"),
        pytest.param((2027, 3, 29, 9), LONDON, (2027, 3, 28, 8), id="the day after it"),
        pytest.param((2027, 10, 31, 9), LONDON, (2027, 10, 30, 8), id="the night back"),
        pytest.param((2027, 11, 1, 9), LONDON, (2027, 10, 31, 9), id="the day after that"),
        pytest.param((2027, 1, 1, 9), LONDON, (2026, 12, 31, 9), id="the year's end"),
        pytest.param((2026, 12, 31, 20), TOKYO, (2026, 12, 31, 0), id="already the next year in Tokyo"),
        pytest.param((2027, 1, 1, 4), ANGELES, (2026, 12, 30, 17), id="still the old year in Los Angeles"),
    ],
)
def test_the_morning_before_is_nine_by_the_readers_clock(starts_at, zone, expected):
    assert morning_before(datetime(*starts_at, tzinfo=UTC), zone) == datetime(*expected, tzinfo=UTC)
