"""Which messages the two documents promise for a history: stepped day by day, and apart from what the product does.

It knows neither Django nor the product's own rules: whoever compares the two compares two readings of the same
words. All days are London days. What bears the moment of a tick, or an earlier one, is known at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from overview.simulation.events import at_once, closings
from overview.simulation.history import Expected, History, Member, Partnership, Plan, Programme
from overview.simulation.moments import (
    DAY,
    LONDON,
    away_days,
    day_of,
    each_day,
    has_come,
    is_current,
    is_open,
    is_paused,
    later,
)

MORNING = time(9)
ARRANGING_DAYS = 7
DAYS_BETWEEN_MAILS = 7

Mark = tuple[int, int, int]  # which membership, the meeting's number, the first or the second reminder


def expected(history: History) -> list[Expected]:
    """All that is promised: what an event brings at once, and what the clock writes tick by tick."""
    last = history.programme.ends_on
    brought = [told for told in at_once(history) if told.on <= last]
    return sorted([*brought, *closings(history), *_Clock(history).run()])


# What the clock writes


class _Known:
    """One partnership as it is known at a moment, and nothing of what came later."""

    def __init__(self, history: History, partnership: Partnership, at: datetime) -> None:
        self.programme: Programme = history.programme
        self.partnership = partnership
        self.is_open = is_open(partnership, at)
        self.is_paused = is_paused(partnership, at)
        self.members = [member for member in partnership.members if is_current(member, at)]
        self.away = {member.person: away_days(history, member.person, at) for member in self.members}
        self.rest = self._rest_days()
        self.arranging = self._arranging_days(at)
        self.resting = self.rest | self.arranging
        self.held = [
            (day, official) for logged_at, day, official in partnership.held if has_come(logged_at, at)
        ]
        self.plans = [
            p for p in partnership.plans if has_come(p.planned_at, at) and not has_come(p.over_at, at)
        ]
        self.is_leaving = any(
            has_come(x.asked_at, at) and not has_come(x.settled_at, at) for x in partnership.leaving
        )
        ends = [day_of(until) for _, until in partnership.pauses if until and has_come(until, at)]
        self.begin = max([day_of(partnership.introduced_at), self.programme.starts_on, *ends])

    def _rest_days(self) -> set[date]:
        """A pair rests while either is away, a circle while nobody could facilitate it."""
        if not self.partnership.is_circle:
            return set().union(*self.away.values())
        leads = [self.away[member.person] for member in self.of("facilitator")]
        return set.intersection(*leads) if leads else set()

    def _arranging_days(self, at: datetime) -> set[date]:
        days: set[date] = set()
        for _, said_at in self.partnership.arranging:
            if has_come(said_at, at):
                first = day_of(said_at)
                days.update(each_day(first, first + (ARRANGING_DAYS - 1) * DAY))
        return days

    def of(self, part: str) -> list[Member]:
        return [member for member in self.members if member.part == part]

    def is_planned(self, today: date) -> bool:
        return any(day_of(plan.starts_at) >= today for plan in self.plans)

    def is_quiet(self, today: date) -> bool:
        """Nobody in it is reminded today of a meeting that is due."""
        return (
            self.is_paused
            or self.is_leaving
            or today in self.rest
            or today in self.arranging
            or self.is_planned(today)
        )

    def late(self, today: date) -> tuple[int, date] | None:
        """The number and the due day of the meeting that is overdue; number 0 if merely none was held yet."""
        overdue = [(number, due) for number, due in self.due if due < today]
        if overdue:
            return max(overdue)
        if not self.held and self.first_wanted < today:
            return 0, self.first_wanted
        return None

    @cached_property
    def first_wanted(self) -> date:
        return later(self.begin, self.programme.first_days, self.rest)

    @cached_property
    def due(self) -> list[tuple[int, date]]:
        """The number of each meeting that is still to be held, and the day by which (EI-1b, BM-5, BM-6)."""
        if self.programme.official:
            done = sum(official for _, official in self.held)
            wanted = enumerate(self.programme.windows[: self.programme.official], start=1)
            return [(number, self._official_due(*window)) for number, window in wanted if number > done]
        return self._rhythm_due()

    def _official_due(self, first: date, last: date) -> date:
        ends_on = self.programme.ends_on
        day = max(last, min(self.begin + self.programme.first_days * DAY, ends_on))
        lost = sum(each in self.rest for each in each_day(max(first, self.begin), day))
        return min(later(day, lost, self.rest), ends_on)

    def _rhythm_due(self) -> list[tuple[int, date]]:
        if self.programme.weeks is None:
            return []
        soonest, latest = self.programme.weeks
        start = self.begin
        if self.held:
            last = max(day for day, _ in self.held)
            if last + soonest * 7 * DAY > self.programme.ends_on:
                return []
            start = max(last, start)
        due = later(start, latest * 7, self.rest)
        return [(len(self.held) + 1, min(due, self.programme.ends_on))]


class _Sight:
    """Looks at one partnership tick by tick, and anew only when something has happened in it."""

    def __init__(self, history: History, partnership: Partnership) -> None:
        self.history, self.partnership = history, partnership
        self.moments = sorted(moment.astimezone(UTC) for moment in _moments(history, partnership))
        self.passed = -1
        self.known: _Known

    def at(self, tick: datetime) -> _Known:
        """Ticks must come in order."""
        passed = max(self.passed, 0)
        while passed < len(self.moments) and self.moments[passed] <= tick:
            passed += 1
        if passed != self.passed:
            self.passed, self.known = passed, _Known(self.history, self.partnership, tick)
        return self.known


def _moments(history: History, partnership: Partnership) -> Iterator[datetime]:
    """Each moment at which something about the partnership becomes known."""
    people = {member.person for member in partnership.members}
    pairs: list[tuple[datetime, datetime | None]] = [(partnership.introduced_at, partnership.ended_at)]
    pairs += [(member.joined_at, member.left_at) for member in partnership.members]
    pairs += [(plan.planned_at, plan.over_at) for plan in partnership.plans]
    pairs += [(leaving.asked_at, leaving.settled_at) for leaving in partnership.leaving]
    pairs += [(logged_at, None) for logged_at, _, _ in partnership.held]
    pairs += [(said_at, None) for _, said_at in partnership.arranging]
    pairs += [(away.announced_at, away.back_at) for away in history.absences if away.person in people]
    for first, second in [*pairs, *partnership.pauses]:
        yield first
        if second:
            yield second


class _Clock:
    """Runs over the ticks and keeps what was sent, so that nothing is promised twice."""

    def __init__(self, history: History) -> None:
        self.history, self.programme = history, history.programme
        self.sights = [_Sight(history, partnership) for partnership in history.partnerships]
        self.told: list[Expected] = []
        self.reminded: set[tuple[int, int]] = set()  # plan, membership
        self.sent: dict[Mark, date] = {}
        self.mailed: dict[str, date] = {}  # the day of a person's last mail
        self.raised: set[tuple[int, str]] = set()  # partnership, which flag

    def run(self) -> list[Expected]:
        for at in sorted(tick.astimezone(UTC) for tick in self.history.ticks):
            today = day_of(at)
            if self.programme.starts_on <= today <= self.programme.ends_on:
                seen = [known for sight in self.sights if (known := sight.at(at)).is_open]
                self._day_before(seen, at, today)
                if at.astimezone(LONDON).time() >= MORNING:
                    self._nudges(seen, today)
                self._flags(seen, today)
        return self.told

    def _day_before(self, seen: list[_Known], at: datetime, today: date) -> None:
        """BM-6: once per plan and member, if it has stood since before that morning."""
        for known in seen:
            for plan in known.plans if not known.is_paused else []:
                if at >= plan.starts_at:
                    continue
                for member in known.members:
                    mark = (id(plan), id(member))
                    away = known.away[member.person] & {today, day_of(plan.starts_at)}
                    if mark not in self.reminded and not away and self._is_eve(plan, member, at):
                        self.reminded.add(mark)
                        self._tell(today, "day-before", member.person, known.partnership.name)

    def _is_eve(self, plan: Plan, member: Member, at: datetime) -> bool:
        zone = ZoneInfo(self.history.zones.get(member.person, LONDON.key))
        due = datetime.combine(day_of(plan.starts_at, zone) - DAY, MORNING, zone)
        return has_come(due, at) and not has_come(due, plan.changed_at)

    def _nudges(self, seen: list[_Known], today: date) -> None:
        """EI-1b, BM-5: all that is due to a person in one mail, and none within a week of their last."""
        due: dict[str, list[Mark]] = defaultdict(list)
        for known in seen:
            for member in known.members if not known.is_quiet(today) else []:
                mark = self._reminder(known, member, today)
                if mark and today not in known.away[member.person]:
                    due[member.person].append(mark)
        for person, marks in due.items():
            if person in self.mailed and (today - self.mailed[person]).days < DAYS_BETWEEN_MAILS:
                continue
            self.mailed[person] = today
            self.sent.update(dict.fromkeys(marks, today))
            self._tell(today, "nudge", person)

    def _reminder(self, known: _Known, member: Member, today: date) -> Mark | None:
        """The step that is due to a member today: the first, then the second, each once per number."""
        late = known.late(today)
        if late is None:
            return None
        number, due = late
        first, second = (id(member), number, 1), (id(member), number, 2)
        since = later(due, 1, known.resting)
        if first not in self.sent:
            return first if today >= since else None
        if number == 0 or second in self.sent:
            return None
        days = self.programme.again_days
        again = max(later(since, days, known.resting), later(self.sent[first], days, known.resting))
        return second if today >= again else None

    def _flags(self, seen: list[_Known], today: date) -> None:
        """BM-5: what the team hears of."""
        for known in seen:
            if known.is_paused:
                continue
            number = self._broken(known, today)
            if number:
                self._raise_once(known, f"broken {number}", today, "broken")
            if known.partnership.is_circle:
                is_small = len(known.of("mentee")) < self.programme.smallest_circle
                self._raise_until_cured(known, "small", today, is_small)
                self._raise_until_cured(known, "unled", today, not known.of("facilitator"))

    def _broken(self, known: _Known, today: date) -> int:
        """The number of the meeting that has been overdue for too long, or 0; who keeps arranging gains some time."""
        late = known.late(today)
        if late is None or late[0] == 0 or today in known.rest or known.is_planned(today):
            return 0
        number, due = late
        days = self.programme.told_after_days
        told_from = min(later(due, days, known.resting), later(due, 2 * days, known.rest))
        return number if today >= told_from else 0

    def _raise_until_cured(self, known: _Known, which: str, today: date, is_so: bool) -> None:
        if is_so:
            self._raise_once(known, which, today, which)
        else:
            self.raised.discard((id(known.partnership), which))

    def _raise_once(self, known: _Known, key: str, today: date, which: str) -> None:
        if (id(known.partnership), key) not in self.raised:
            self.raised.add((id(known.partnership), key))
            self._tell(today, "flag", self.history.team, f"{known.partnership.name}: {which}")

    def _tell(self, on: date, kind: str, to: str, about: str = "") -> None:
        self.told.append(Expected(on, kind, to, about))
