"""Whether the messages that were found are those that were promised, and whether any should never have been written.

`breaches` looks at the messages alone, day by day: it doesn't ask what `promises` expects, nor borrow from it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from overview.simulation.history import Away, Expected, History

LONDON = ZoneInfo("Europe/London")
EARLIEST = {"nudge": time(9), "day-before": time(0)}  # what only the clock writes, and from when in a day
DAYS_BETWEEN_NUDGES = 7


@dataclass(frozen=True)
class Report:
    """How two ledgers differ; `twice` has what was promised, but was found more often than that."""

    missing: list[Expected] = field(default_factory=list)
    unexpected: list[Expected] = field(default_factory=list)
    twice: list[Expected] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.unexpected or self.twice)


def compare(expected: Iterable[Expected], found: Iterable[Expected], *, days: bool) -> Report:
    """Both as multisets; without `days`, a message may have been written on another day than it was promised for."""
    promised = list(expected)
    due, got = Counter(promised), Counter(found)
    missing, surplus = due - got, got - due
    if not days:
        missing, surplus = _cancelled(missing, surplus), _cancelled(surplus, missing)
    name: Callable[[Expected], object] = (lambda message: message) if days else _what
    names = {name(message) for message in promised}
    left_over = sorted(surplus.elements())
    return Report(
        missing=sorted(missing.elements()),
        unexpected=[message for message in left_over if name(message) not in names],
        twice=[message for message in left_over if name(message) in names],
    )


def _what(message: Expected) -> tuple[str, str, str]:
    return message.kind, message.to, message.about


def _cancelled(ours: Counter[Expected], theirs: Counter[Expected]) -> Counter[Expected]:
    """What is left of ours when each of theirs has taken away one of the same but for its day, the earliest first."""
    taken = Counter(_what(message) for message in theirs.elements())
    left: Counter[Expected] = Counter()
    for message in sorted(ours.elements()):
        if taken[_what(message)]:
            taken[_what(message)] -= 1
        else:
            left[message] += 1
    return left


def breaches(history: History, found: Iterable[Expected]) -> list[str]:
    """A sentence for each message that no reading of the documents allows (EI-1d, EI-2)."""
    ledger = sorted(found)
    moments = _moments(history)
    wrong = []
    for message in ledger:
        wrong += [
            f"{message.on} {message.kind} to {message.to}: {why}" for why in _wrong(history, message, moments)
        ]
    return [*wrong, *_too_soon(ledger)]


def _moments(history: History) -> dict[tuple[str, date], list[datetime]]:
    """When the clock could have written a kind on a day: a message tells its day only, so any of them excuses it."""
    moments = defaultdict(list)
    for tick in history.ticks:
        here = tick.astimezone(LONDON)
        for kind, earliest in EARLIEST.items():
            if here.time() >= earliest:
                moments[kind, here.date()].append(tick.astimezone(UTC))
    return moments


def _wrong(
    history: History, message: Expected, moments: dict[tuple[str, date], list[datetime]]
) -> Iterator[str]:
    programme = history.programme
    if message.on > programme.ends_on and message.kind != "closing":
        yield "after the programme's end"
    if message.kind not in EARLIEST:
        return
    if message.on < programme.starts_on:
        yield "before the programme's start"
    possible = moments.get((message.kind, message.on), [])
    if not possible:
        yield "the clock didn't run then"
        return
    together = [at for at in possible if _is_together(history, message, at)]
    if not together:
        yield "in no partnership of that time"
    elif all(_is_away(history, message, at) for at in together):
        yield "on a day of their absence"


def _is_together(history: History, message: Expected, at: datetime) -> bool:
    """In the partnership the message is about, or in any if it doesn't say."""
    return any(
        message.about in ("", partnership.name)
        and not _has_come(partnership.ended_at, at)
        and any(
            member.person == message.to
            and _has_come(member.joined_at, at)
            and not _has_come(member.left_at, at)
            for member in partnership.members
        )
        for partnership in history.partnerships
    )


def _is_away(history: History, message: Expected, at: datetime) -> bool:
    return any(
        away.person == message.to and _has_come(away.announced_at, at) and _covers(away, message.on, at)
        for away in history.absences
    )


def _covers(away: Away, day: date, at: datetime) -> bool:
    first, last = away.days
    if away.back_at and _has_come(away.back_at, at):
        last = min(last, away.back_at.astimezone(LONDON).date() - timedelta(days=1))
    return first <= day <= last


def _has_come(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment.astimezone(UTC) <= at


def _too_soon(ledger: list[Expected]) -> Iterator[str]:
    last: dict[str, date] = {}
    for message in ledger:
        if message.kind != "nudge":
            continue
        before = last.get(message.to)
        if before and (message.on - before).days < DAYS_BETWEEN_NUDGES:
            yield f"{message.on} nudge to {message.to}: within a week of {before}"
        last[message.to] = message.on
