"""How far a partnership has come with its meetings, and what is due next: plain values in, one answer out.

Two kinds of programme: one counts official meetings against dated windows (EI-1b), the other keeps a rhythm
of so many weeks (BM-5, BM-6). Weeks are seven days; days are the School's. A meeting that wasn't held in time has
slipped and is reminded of twice; later it is broken, and the office is told. Absences move all of it (EI-1d).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mentorship.lib.periods import Days, joined


@dataclass(frozen=True)
class Window:
    """When an official meeting is to be held, both days included."""

    title: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True)
class Plan:
    """What a programme asks of a partnership; `weeks` are the least and the most between two meetings.

    `first_days` are those that a new pair has for its first meeting, `again_days` lie between two reminders, and
    after `broken_days` without the meeting that was due the office is told. These three count only days on which
    nothing rests.
    """

    starts_on: date
    ends_on: date
    official: int = 0
    windows: Sequence[Window] = ()
    weeks: tuple[int, int] | None = None
    first_days: int = 0
    again_days: int = 7
    broken_days: int = 14


@dataclass(frozen=True)
class Held:
    """A meeting that was held."""

    on: date
    is_official: bool


@dataclass(frozen=True)
class Rest:
    """When nothing is asked of a partnership. Days include the first and the last.

    `away`: somebody it can't do without is away, so what was due moves by as many days (EI-1d). `arranging`: they
    said that they are finding a date, so reminders wait, the due day doesn't. `planned_on`: the next meeting that is
    in both diaries.
    """

    away: Sequence[Days] = ()
    arranging: Sequence[Days] = ()
    planned_on: date | None = None
    is_paused: bool = False


class Stage(StrEnum):
    """How a partnership stands with its meetings on a day."""

    OVER = "over"
    RESTING = "resting"
    COMPLETE = "complete"
    FINE = "fine"
    SLIPPED = "slipped"
    BROKEN = "broken"


@dataclass(frozen=True)
class Occasion:
    """A meeting that wasn't held in time: which, and when its reminders and the word to the office are due.

    `again_on` and `broken_on` are empty for the gentle one, a first meeting that could still be in time.
    """

    number: int
    due_by: date
    slips_on: date
    again_on: date | None = None
    broken_on: date | None = None


@dataclass(frozen=True)
class Progress:
    """Where a partnership stands on a day. `due_by` is empty when nothing more is asked of it.

    `expected` meetings should have been held by now; `overdue` is the one to be reminded of; `is_squeezed` says that
    absences leave too little time for the next one, which is for the office to decide.
    """

    today: date
    held: int
    last_met_on: date | None
    wanted: int = 0
    weeks: tuple[int, int] | None = None
    due_from: date | None = None
    due_by: date | None = None
    stage: Stage = Stage.FINE
    expected: int = 0
    overdue: Occasion | None = None
    is_squeezed: bool = False

    @property
    def is_late(self) -> bool:
        return self.due_by is not None and self.today > self.due_by

    @property
    def is_complete(self) -> bool:
        """Every official meeting has been held; a rhythm is never complete."""
        return self.wanted > 0 and self.held >= self.wanted

    @property
    def counted(self) -> int:
        """Meetings held, as far as they count: one more than asked for counts no further."""
        return min(self.held, self.wanted) if self.wanted else self.held

    @property
    def summary(self) -> str:
        """What has been held, e.g. “1 of 3 official meetings” or “2 meetings so far”."""
        if self.wanted:
            return f"{self.counted} of {self.wanted} official meetings"
        return f"{count(self.held, 'meeting')} so far" if self.held else "No meeting yet"

    @property
    def rhythm(self) -> str:
        """The rhythm asked for, e.g. “every 4–6 weeks”; empty where official meetings count instead."""
        if self.weeks is None:
            return ""
        least, most = self.weeks
        return f"every {least}–{most} weeks" if least != most else f"every {count(most, 'week')}"

    @property
    def last_met(self) -> str:
        """When they last met, in words, e.g. “last met 3 weeks ago”; empty before the first meeting."""
        return f"last met {ago(self.last_met_on, self.today)}" if self.last_met_on else ""

    @property
    def next_step(self) -> str:
        """What is due, e.g. “the next by 15 March”; empty when nothing is."""
        if self.due_by is None:
            return ""
        which = "the next" if self.held else "the first"
        return f"{which} {'was due by' if self.is_late else 'by'} {day(self.due_by)}"


def progress(
    plan: Plan,
    meetings: Sequence[Held],
    *,
    introduced_on: date,
    today: date,
    is_over: bool,
    rest: Rest = Rest(),
) -> Progress:
    """Where a partnership stands on `today`; nothing is due once it or its cohort is over (EI-2).

    `introduced_on` is the day from which the clocks run: after a pause, the day of its end.
    """
    counting = [meeting for meeting in meetings if meeting.is_official or not plan.official]
    is_over = is_over or today > plan.ends_on
    dues = [] if is_over else list(_dues(plan, counting, introduced_on, rest.away))
    coming = next((due for due in dues if due.number == len(counting) + 1), None)
    overdue = None if is_over else _overdue(plan, dues, meetings, len(counting), introduced_on, today, rest)
    return Progress(
        today=today,
        held=len(counting),
        last_met_on=max((meeting.on for meeting in meetings), default=None),
        wanted=plan.official,
        weeks=None if plan.official else plan.weeks,
        due_from=coming.opens_on if coming else None,
        due_by=coming.closes_on if coming else None,
        stage=_stage(plan, len(counting), overdue, is_over, today, rest),
        expected=_expected(plan, dues, len(counting), introduced_on, today),
        overdue=overdue,
        is_squeezed=coming is not None and coming.is_squeezed,
    )


@dataclass(frozen=True)
class _Due:
    """Until when the meeting of this number is wanted, absences counted."""

    number: int
    opens_on: date
    closes_on: date
    is_squeezed: bool = False


def _dues(plan: Plan, held: Sequence[Held], introduced_on: date, away: Sequence[Days]) -> Iterator[_Due]:
    """Every official meeting with its window; of a rhythm only the next meeting, if there is time for one."""
    begin = max(introduced_on, plan.starts_on)
    if plan.official:
        for number in range(1, plan.official + 1):
            yield _window(plan, number, begin, away)
    elif plan.weeks is not None:
        least, most = plan.weeks
        last = max((meeting.on for meeting in held), default=None)
        opens_on = last + timedelta(weeks=least) if last else begin
        if opens_on <= plan.ends_on:
            start = max(last, begin) if last else begin
            closes_on = later(start, most * 7, away)
            yield _Due(len(held) + 1, opens_on, min(closes_on, plan.ends_on))


def _window(plan: Plan, number: int, begin: date, away: Sequence[Days]) -> _Due:
    """The window of an official meeting; without one of its own, the cohort.

    It closes no earlier than a new pair's first days are over, so that nobody is late on the day of the introduction,
    and moves by the days of an absence in it, as far as the cohort reaches.
    """
    if number > len(plan.windows):
        return _Due(number, plan.starts_on, plan.ends_on)
    window = plan.windows[number - 1]
    first_days_end_on = min(begin + timedelta(days=plan.first_days), plan.ends_on)
    closes_on = max(window.closes_on, first_days_end_on)
    moved = later(closes_on, days_within(away, max(window.opens_on, begin), closes_on), away)
    return _Due(number, window.opens_on, min(moved, plan.ends_on), is_squeezed=moved > plan.ends_on)


def _overdue(
    plan: Plan,
    dues: Sequence[_Due],
    meetings: Sequence[Held],
    held: int,
    introduced_on: date,
    today: date,
    rest: Rest,
) -> Occasion | None:
    """The latest meeting that should have been held and wasn't; before any, a first one that is slow to come."""
    late = [due for due in dues if due.number > held and today > due.closes_on]
    if late:
        return _occasion(plan, late[-1], rest)
    begin = max(introduced_on, plan.starts_on)
    first_by = later(begin, plan.first_days, rest.away)
    if meetings or not plan.first_days or today <= first_by:
        return None
    return Occasion(number=0, due_by=first_by, slips_on=later(first_by, 1, rest.away))


def _occasion(plan: Plan, due: _Due, rest: Rest) -> Occasion:
    """Reminder, second reminder, word to the office: each counts days on which nothing rests.

    Who always says that a date is being found comes to the office all the same, after twice the time.
    """
    resting = joined([*rest.away, *rest.arranging])
    slips_on = later(due.closes_on, 1, resting)
    return Occasion(
        number=due.number,
        due_by=due.closes_on,
        slips_on=slips_on,
        again_on=later(slips_on, plan.again_days, resting),
        broken_on=min(
            later(due.closes_on, plan.broken_days, resting),
            later(due.closes_on, 2 * plan.broken_days, rest.away),
        ),
    )


def _stage(plan: Plan, held: int, overdue: Occasion | None, is_over: bool, today: date, rest: Rest) -> Stage:
    if is_over:
        return Stage.OVER
    if rest.is_paused or days_within(rest.away, today, today):
        return Stage.RESTING
    if plan.official and held >= plan.official:
        return Stage.COMPLETE
    if overdue is None or overdue.number == 0:
        return Stage.FINE
    if rest.planned_on is not None and rest.planned_on >= today:
        return Stage.FINE
    is_broken = overdue.broken_on is not None and today >= overdue.broken_on
    return Stage.BROKEN if is_broken else Stage.SLIPPED


def _expected(plan: Plan, dues: Sequence[_Due], held: int, introduced_on: date, today: date) -> int:
    """How many meetings should have been held by now; a rhythm counts its longest pauses."""
    if plan.official or plan.weeks is None:
        return sum(today > due.closes_on for due in dues)
    begin = max(introduced_on, plan.starts_on)
    passed = (min(today, plan.ends_on) - begin).days - 1
    return max(0, passed // (plan.weeks[1] * 7))


def reminder_due(progress: Progress, sent: Mapping[int, date], *, rest: Rest, again_days: int) -> int | None:
    """Which reminder of the overdue meeting is due on that day, 1 or 2; None if none is.

    `sent` says when which was sent of this occasion. Nothing in an absence, in a pause, while a date is being found
    or one is planned; the second comes a week at least after the first, however late that one was.
    """
    occasion, today = progress.overdue, progress.today
    if occasion is None or progress.stage not in {Stage.FINE, Stage.SLIPPED, Stage.BROKEN}:
        return None
    if days_within(rest.arranging, today, today) or (rest.planned_on and rest.planned_on >= today):
        return None
    if 1 not in sent:
        return 1 if today >= occasion.slips_on else None
    if 2 in sent or occasion.again_on is None:
        return None
    resting = joined([*rest.away, *rest.arranging])
    return 2 if today >= max(occasion.again_on, later(sent[1], again_days, resting)) else None


def later(start: date, days: int, resting: Iterable[Days]) -> date:
    """The day on which so many days after `start` have passed, those that rest not counted."""
    end = start + timedelta(days=days)
    for first, last in joined(resting):
        if last <= start:
            continue
        if first > end:
            break
        end += last - max(first, start + timedelta(days=1)) + timedelta(days=1)
    return end


def days_within(periods: Iterable[Days], first: date, last: date) -> int:
    """How many days from `first` to `last`, both included, lie in these periods."""
    overlaps = ((min(end, last) - max(begin, first)).days + 1 for begin, end in joined(periods))
    return sum(max(0, days) for days in overlaps)


def ago(on: date, today: date) -> str:
    """How long ago a day was, in the largest whole unit that people would say."""
    days = (today - on).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    return f"{count(days, 'day')} ago" if days < 14 else f"{count(days // 7, 'week')} ago"


def count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


def day(on: date) -> str:
    return f"{on.day} {on:%B}"
