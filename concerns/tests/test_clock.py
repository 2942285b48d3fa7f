from datetime import UTC, date, datetime, timedelta

import pytest

from concerns import clock

# As the government lists them for England and Wales.
PUBLISHED = {
    2025: ["1-1", "4-18", "4-21", "5-5", "5-26", "8-25", "12-25", "12-26"],
    2026: ["1-1", "4-3", "4-6", "5-4", "5-25", "8-31", "12-25", "12-28"],
    2027: ["1-1", "3-26", "3-29", "5-3", "5-31", "8-30", "12-27", "12-28"],
    2028: ["1-3", "4-14", "4-17", "5-1", "5-29", "8-28", "12-25", "12-26"],
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_bank_holidays_are_those_that_the_government_lists(year):
    listed = {date(year, *map(int, day.split("-"))) for day in PUBLISHED[year]}

    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert {day for day in days if day.weekday() < 5 and not clock.is_working_day(day)} == listed


@pytest.mark.parametrize(
    ("at", "days", "due"),
    [
        (
            datetime(2026, 1, 14, 9, 30, tzinfo=UTC),
            2,
            datetime(2026, 1, 16, 17, tzinfo=UTC),
        ),  # Wednesday to Friday
        (
            datetime(2026, 1, 16, 23, 59, tzinfo=UTC),
            2,
            datetime(2026, 1, 20, 17, tzinfo=UTC),
        ),  # Friday to Tuesday
        (
            datetime(2026, 1, 17, 12, tzinfo=UTC),
            1,
            datetime(2026, 1, 19, 17, tzinfo=UTC),
        ),  # Saturday to Monday
        (datetime(2026, 4, 2, 12, tzinfo=UTC), 2, datetime(2026, 4, 8, 16, tzinfo=UTC)),  # Easter, summer
        (datetime(2026, 12, 24, 12, tzinfo=UTC), 2, datetime(2026, 12, 30, 17, tzinfo=UTC)),  # over Christmas
        (
            datetime(2026, 7, 1, 23, 30, tzinfo=UTC),
            1,
            datetime(2026, 7, 3, 16, tzinfo=UTC),
        ),  # Thursday in London
        (datetime(2026, 1, 14, 18, tzinfo=UTC), 0, datetime(2026, 1, 15, 17, tzinfo=UTC)),  # at least one
    ],
)
@pytest.mark.clause("EI-6")
def test_an_answer_is_due_at_five_in_london_after_the_working_days(at, days, due):
    assert clock.answer_due(at, days) == due


@pytest.mark.parametrize(
    ("at", "is_office_hour"),
    [
        (datetime(2026, 1, 14, 8, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 14, 9, tzinfo=UTC), True),
        (datetime(2026, 1, 14, 17, 59, tzinfo=UTC), True),
        (datetime(2026, 1, 14, 18, tzinfo=UTC), False),
        (datetime(2026, 7, 1, 8, tzinfo=UTC), True),  # nine in London
        (datetime(2026, 1, 17, 12, tzinfo=UTC), False),  # a Saturday
        (datetime(2026, 4, 3, 12, tzinfo=UTC), False),  # Good Friday
    ],
)
def test_reminders_leave_in_office_hours_of_london(at, is_office_hour):
    assert clock.is_office_hour(at) == is_office_hour
