"""Invented lives: who is with whom, meets, forgets, goes away, leaves and comes back, for a whole cohort.

Everything is thrown beforehand from a seed, and nobody reacts to a message: so the same seed gives the same lives
however late or often the clock runs, and the messages of two runs can be compared. People act on working days, in the
afternoon, School time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from overview.simulation.history import Programme

LONDON = ZoneInfo("Europe/London")
ZONES = ["Europe/London", "Europe/London", "Europe/Brussels", "America/New_York", "Asia/Tokyo"]
GIVEN = ["Ada", "Bilal", "Chiara", "Dara", "Efua", "Farid", "Greta", "Hana", "Ivo", "Jun", "Kofi", "Lena"]
FAMILY = ["Abara", "Bellweather", "Castellane", "Dunmore", "Eskelin", "Farrow", "Gant", "Holloway", "Ines"]


@dataclass(frozen=True)
class Person:
    """Somebody invented; `number` names them for good."""

    number: int
    name: str
    is_mentor: bool
    zone: str
    places: int = 1
    leads: bool = False
    in_circle: bool = False


@dataclass(frozen=True, order=True)
class Act:
    """Something that somebody does at a moment. `partnership` and `person` are their numbers, -1 for none."""

    at: datetime
    order: int
    what: str = field(compare=False)
    partnership: int = field(default=-1, compare=False)
    person: int = field(default=-1, compare=False)
    details: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass
class Script:
    """The people of a cohort, and all that they do, in order."""

    people: list[Person]
    acts: list[Act]


@dataclass
class _Pair:
    number: int
    people: list[int]
    is_circle: bool
    begins_on: date
    ends_on: date


def write(programme: Programme, *, pairs: int, circles: int, until: date, seed: int) -> Script:
    """Lives for so many pairs and circles, up to a day."""
    return _Author(programme, until, random.Random(seed)).script(pairs, circles)  # noqa: S311 - a rehearsal


class _Author:
    def __init__(self, programme: Programme, until: date, dice: random.Random):
        self.programme, self.dice = programme, dice
        self.until = min(until, programme.ends_on)
        self.people: list[Person] = []
        self.acts: list[Act] = []
        self.partnerships = 0

    def script(self, pairs: int, circles: int) -> Script:
        rows = [row for number in range(pairs) for row in self._pair(number)]
        rows += [self._circle() for _ in range(circles)]
        for row in rows:
            self._meet(row)
        for person in self.people:
            self._go_away(person)
        for person in self.people:
            self._say_whether_to_continue(person)
        return Script(self.people, sorted(self.acts))

    # Who is with whom

    def _person(self, **details: Any) -> int:
        name = f"{self.dice.choice(GIVEN)} {self.dice.choice(FAMILY)}"
        person = Person(len(self.people), name, zone=self.dice.choice(ZONES), **details)
        self.people.append(person)
        return person.number

    def _pair(self, number: int) -> Iterator[_Pair]:
        """A pair that is introduced around the first day; every fourth mentor has two mentees.

        Every sixth pair can't go on and is ended; its mentee is with somebody new a little later.
        """
        mentor = self._person(is_mentor=True, places=2)
        mentees = [self._person(is_mentor=False) for _ in range(2 if number % 4 == 0 else 1)]
        for mentee in mentees:
            begins_on = self._weekday(self.programme.starts_on + timedelta(days=self.dice.randint(-5, 12)))
            leaves = number % 6 == 5
            ends_on = self._some_day(begins_on, 30, 90) if leaves else self.until
            first = self._introduce([mentor, mentee], begins_on, ends_on)
            yield first
            if leaves:
                yield from self._part_and_find_somebody_new(first, mentee)
            elif number % 6 == 3:
                self._rest(first)

    def _circle(self) -> _Pair:
        """A circle; one member is let go after some weeks, so that it may become too small."""
        lead = self._person(is_mentor=True, places=0, leads=True)
        count = self.programme.smallest_circle + self.dice.randint(0, 1)
        members = [self._person(is_mentor=False, in_circle=True) for _ in range(count)]
        begins_on = self._weekday(self.programme.starts_on + timedelta(days=self.dice.randint(0, 10)))
        circle = self._introduce([lead, *members], begins_on, self.until, is_circle=True)
        for person in circle.people:
            self._act(self._some_day(begins_on, 1, 6), "agree", circle.number, person)
        leaver, asked_on = members[-1], self._some_day(begins_on, 40, 80)
        self._act(asked_on, "ask to leave", circle.number, leaver, wants_new=False)
        self._act(self._weekday(asked_on + timedelta(days=3)), "let go", circle.number, leaver)
        return circle

    def _introduce(
        self, people: list[int], begins_on: date, ends_on: date, *, is_circle: bool = False
    ) -> _Pair:
        row = _Pair(self.partnerships, people, is_circle, begins_on, ends_on)
        self.partnerships += 1
        self._act(begins_on, "introduce", row.number, people=people, is_circle=is_circle)
        return row

    def _part_and_find_somebody_new(self, row: _Pair, mentee: int) -> Iterator[_Pair]:
        asked_on = self._weekday(row.ends_on - timedelta(days=4))
        self._act(asked_on, "ask to leave", row.number, mentee, wants_new=True)
        self._act(row.ends_on, "end", row.number)
        again_on = self._weekday(row.ends_on + timedelta(days=self.dice.randint(3, 14)))
        if again_on < self.until:
            yield self._introduce([self._person(is_mentor=True, places=1), mentee], again_on, self.until)

    def _rest(self, row: _Pair) -> None:
        pauses_on = self._some_day(row.begins_on, 20, 60)
        self._act(pauses_on, "pause", row.number)
        self._act(self._some_day(pauses_on, 7, 30), "resume", row.number)

    # What they do

    def _meet(self, row: _Pair) -> None:
        """Keen pairs meet every few weeks, slow ones now and then, silent ones once or never."""
        pause = self.dice.choice([(18, 30), (24, 45), (40, 80), (300, 400)])
        day = self._some_day(row.begins_on, *(number // 2 for number in pause))
        while day < row.ends_on:
            who = self.dice.choice(row.people)
            if self.dice.random() < 0.5:
                self._plan(row, who, day)
            else:
                held_on = max(row.begins_on, day - timedelta(days=self.dice.randint(0, 2)))
                self._log(row, who, day, held_on)
            day = self._some_day(day, *pause)
        if self.dice.random() < 0.4:
            self._act(
                self._some_day(row.begins_on, 45, 120), "arrange", row.number, self.dice.choice(row.people)
            )

    def _plan(self, row: _Pair, who: int, day: date) -> None:
        """Planned some days ahead; then it is held, moved first, called off, missed, or nobody says."""
        planned_on = self._weekday(day - timedelta(days=self.dice.randint(2, 9)), back=True)
        if planned_on <= row.begins_on:
            return self._log(row, who, day, day)
        self._act(planned_on, "plan", row.number, who, starts_at=self._moment(day, 17))
        fate = self.dice.choice(["held", "held", "held", "moved", "called off", "missed", "nobody says"])
        if fate == "moved":
            later = self._weekday(day + timedelta(days=2))
            self._act(self._weekday(planned_on + timedelta(days=1)), "move", row.number, who,
                      starts_at=self._moment(later, 17))  # fmt: skip
            return self._log(row, who, self._weekday(later + timedelta(days=1)), later)
        if fate == "held":
            return self._log(row, who, self._weekday(day + timedelta(days=1)), day)
        if fate == "called off":
            return self._act(self._weekday(day - timedelta(days=1), back=True), "call off", row.number, who)
        if fate == "missed":
            return self._act(self._weekday(day + timedelta(days=1)), "miss", row.number, who)
        return None

    def _log(self, row: _Pair, who: int, day: date, held_on: date) -> None:
        self._act(day, "log", row.number, who, held_on=held_on)

    def _go_away(self, person: Person) -> None:
        if self.dice.random() < 0.3:
            first = self._some_day(self.programme.starts_on, 10, 110)
            last = first + timedelta(days=self.dice.choice([4, 13, 27, 40, 55]))
            said_on = self._weekday(first - timedelta(days=self.dice.randint(0, 10)), back=True)
            self._act(
                said_on, "go away", -1, person.number, first=first, last=last, told=self.dice.random() < 0.3
            )
            if self.dice.random() < 0.25:
                self._act(self._weekday(first + timedelta(days=3)), "come back", -1, person.number)

    def _say_whether_to_continue(self, person: Person) -> None:
        if self.dice.random() < 0.5:
            day = self._weekday(self.programme.ends_on + timedelta(days=self.dice.randint(2, 15)))
            self._act(day, "continue", -1, person.number, wishes=self.dice.random() < 0.7)

    # Days

    def _act(self, day: date, what: str, partnership: int = -1, person: int = -1, **details: Any) -> None:
        at = self._moment(day, 13) + timedelta(minutes=len(self.acts) % 240)
        self.acts.append(Act(at, len(self.acts), what, partnership, person, details))

    def _some_day(self, start: date, least: int, most: int) -> date:
        return self._weekday(start + timedelta(days=self.dice.randint(least, most)))

    @staticmethod
    def _weekday(day: date, *, back: bool = False) -> date:
        while day.weekday() >= 5:
            day += timedelta(days=-1 if back else 1)
        return day

    @staticmethod
    def _moment(day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), tzinfo=LONDON)
