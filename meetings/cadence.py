"""How far a partnership has come with its meetings, and what is due next: plain values in, one answer out.

Two kinds of programme: one counts official meetings against dated windows (EI-1b), the other keeps a rhythm
of so many weeks (BM-5, BM-6). Weeks are seven days; days are the School's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True)
class Window:
    """When an official meeting is to be held, both days included."""

    title: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True)
class Plan:
    """What a programme asks of a partnership; `weeks` are the least and the most between two meetings.

    `first_days` are those that a new pair has for its first meeting.
    """

    starts_on: date
    ends_on: date
    official: int = 0
    windows: Sequence[Window] = ()
    weeks: tuple[int, int] | None = None
    first_days: int = 0


@dataclass(frozen=True)
class Held:
    """A meeting that was held."""

    on: date
    is_official: bool


@dataclass(frozen=True)
class Progress:
    """Where a partnership stands on a day. `due_by` is empty when nothing more is asked of it."""

    today: date
    held: int
    last_met_on: date | None
    wanted: int = 0
    weeks: tuple[int, int] | None = None
    due_from: date | None = None
    due_by: date | None = None

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
    plan: Plan, meetings: Sequence[Held], *, introduced_on: date, today: date, is_over: bool
) -> Progress:
    """Where a partnership stands on `today`; nothing is due once it or its cohort is over (EI-2)."""
    last_met_on = max((meeting.on for meeting in meetings), default=None)
    is_over = is_over or today > plan.ends_on
    if plan.official:
        held = sum(meeting.is_official for meeting in meetings)
        window = None if is_over else next_window(plan, held, introduced_on)
        return Progress(
            today=today,
            held=held,
            last_met_on=last_met_on,
            wanted=plan.official,
            due_from=window.opens_on if window else None,
            due_by=window.closes_on if window else None,
        )
    due_from, due_by = (None, None) if is_over else next_in_rhythm(plan, last_met_on, introduced_on)
    return Progress(
        today=today,
        held=len(meetings),
        last_met_on=last_met_on,
        weeks=plan.weeks,
        due_from=due_from,
        due_by=due_by,
    )


def next_window(plan: Plan, held: int, introduced_on: date) -> Window | None:
    """The window of the next official meeting; without one of its own, the cohort; none after the last.

    It closes no earlier than a new pair's first days are over, so that nobody is late on the day of the introduction.
    """
    if held >= plan.official:
        return None
    if held >= len(plan.windows):
        return Window("", plan.starts_on, plan.ends_on)
    begin = max(introduced_on, plan.starts_on)
    first_days_end_on = min(begin + timedelta(days=plan.first_days), plan.ends_on)
    window = plan.windows[held]
    return replace(window, closes_on=max(window.closes_on, first_days_end_on))


def next_in_rhythm(
    plan: Plan, last_met_on: date | None, introduced_on: date
) -> tuple[date | None, date | None]:
    """From when and until when the rhythm wants the next meeting; nothing after the cohort's last day (EI-2).

    The first one is wanted within the longest pause, counted from the introduction or from the cohort's first
    day, whichever is later.
    """
    if plan.weeks is None:
        return None, None
    least, most = plan.weeks
    begin = max(introduced_on, plan.starts_on)
    first = last_met_on + timedelta(weeks=least) if last_met_on else begin
    last = (last_met_on or begin) + timedelta(weeks=most)
    if first > plan.ends_on:
        return None, None
    return first, min(last, plan.ends_on)


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
