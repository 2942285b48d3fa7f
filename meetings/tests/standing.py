"""Where a pair stands in a programme of either kind, for tests."""

from datetime import date

from meetings.cadence import (
    Held,
    Plan,
    Progress,
    Rest,
    Window,
    progress,
)

FIRST, LAST = date(2025, 12, 1), date(2026, 4, 30)
WINDOWS = (
    Window("First meeting", date(2025, 12, 1), date(2026, 1, 31)),
    Window("Second meeting", date(2026, 2, 1), date(2026, 3, 15)),
    Window("Third meeting", date(2026, 3, 16), date(2026, 4, 15)),
)
OFFICIAL = Plan(starts_on=FIRST, ends_on=LAST, official=3, windows=WINDOWS)
NOTHING_RESTS = Rest()
RHYTHM = Plan(starts_on=FIRST, ends_on=LAST, weeks=(4, 6))


def stand(
    plan: Plan,
    *meetings: Held,
    today: date,
    introduced_on: date = FIRST,
    is_over: bool = False,
    rest: Rest = NOTHING_RESTS,
) -> Progress:
    return progress(plan, meetings, introduced_on=introduced_on, today=today, is_over=is_over, rest=rest)
