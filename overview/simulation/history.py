"""What happened in a rehearsal, as plain facts: who was together, met, was away, left, and when the clock ran.

No Django here: the same history is read by what expects messages from it (`promises`), so that neither knows how the
product decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

Days = tuple[date, date]  # the first and the last day, both included


@dataclass(frozen=True)
class Programme:
    """What a programme asks, as its two documents say it; `windows` are those of its official meetings."""

    starts_on: date
    ends_on: date
    official: int = 0
    windows: tuple[Days, ...] = ()
    weeks: tuple[int, int] | None = None
    first_days: int = 21
    again_days: int = 7
    told_after_days: int = 14
    smallest_circle: int = 3


@dataclass
class Member:
    """A person's part in a partnership. `person` is their address: the same in all partnerships of theirs."""

    person: str
    part: str  # mentor, mentee or facilitator
    joined_at: datetime
    left_at: datetime | None = None
    stayed: bool = False  # left because the partnership ended


@dataclass
class Away:
    """An absence of a person; `back_at` is the moment of an early return."""

    person: str
    days: Days
    announced_at: datetime
    is_told: bool = False  # wished so by the person, although it is a month or shorter
    back_at: datetime | None = None


@dataclass
class Plan:
    """A meeting that was planned for a moment, and what became of the plan."""

    starts_at: datetime
    planned_at: datetime
    changed_at: datetime  # when it was made or last changed
    over_at: datetime | None = None  # when it was logged, called off, or marked as missed
    was_called_off: bool = False


@dataclass
class Leaving:
    """That somebody said they can't go on, until the office had decided or they took it back."""

    person: str
    asked_at: datetime
    settled_at: datetime | None = None


@dataclass
class Partnership:
    """A pair or a circle, with everything that happened in it."""

    name: str
    is_circle: bool
    introduced_at: datetime
    members: list[Member] = field(default_factory=list)
    held: list[tuple[datetime, date, bool]] = field(default_factory=list)  # logged at, held on, official
    plans: list[Plan] = field(default_factory=list)
    arranging: list[tuple[str, datetime]] = field(default_factory=list)  # who said so, when
    leaving: list[Leaving] = field(default_factory=list)
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    ended_at: datetime | None = None
    end: str = ""  # programme, office, leaving or merged


@dataclass
class History:
    """Everything of one cohort, and each moment at which the clock ran."""

    programme: Programme
    team: str  # the programme's address
    partnerships: list[Partnership] = field(default_factory=list)
    absences: list[Away] = field(default_factory=list)
    ticks: list[datetime] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)  # person -> time zone, if not Europe/London


@dataclass(frozen=True, order=True)
class Expected:
    """One message that is promised: the day, its kind, to whom, and of which partnership (by name) if of one."""

    on: date
    kind: str
    to: str
    about: str = ""
