"""What an event promises at once: introductions, requests to leave, absences, and the one closing message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from overview.simulation.history import Away, Expected, History
from overview.simulation.moments import (
    day_of,
    has_come,
    is_current,
    is_longer_than_a_month,
    is_open,
    is_paused,
)


def at_once(history: History) -> Iterator[Expected]:
    for partnership in history.partnerships:
        for member in partnership.members:
            yield Expected(day_of(member.joined_at), "introduction", member.person, partnership.name)
        for leaving in partnership.leaving:
            if partnership.ended_at is None or has_come(leaving.asked_at, partnership.ended_at):
                yield Expected(day_of(leaving.asked_at), "flag", history.team, f"{partnership.name}: leaving")
    for away in history.absences:
        yield from _absence_told(history, away)


def _absence_told(history: History, away: Away) -> Iterator[Expected]:
    """EI-1d: the others hear of a long absence at once, and those of them who still are partners of the return.

    Who comes to be a partner while it lasts hears of it then: introduced, joined, or going on after a pause.
    """
    if not (away.is_told or is_longer_than_a_month(*away.days)):
        return
    told: list[tuple[str, str]] = []
    for at in [away.announced_at, *_beginnings(history, away)]:
        for partner in _partners(history, away.person, at):
            if partner not in told:
                told.append(partner)
                yield Expected(day_of(at), "away", partner[1], partner[0])
    if away.back_at:
        for name, person in _partners(history, away.person, away.back_at):
            if (name, person) in told:
                yield Expected(day_of(away.back_at), "back", person, name)


def _beginnings(history: History, away: Away) -> list[datetime]:
    """Moments after the announcement, and before the absence is over, when somebody may become a partner."""
    moments = {member.joined_at for row in history.partnerships for member in row.members}
    moments |= {end for row in history.partnerships for _, end in row.pauses if end}
    return sorted(
        at
        for at in moments
        if at > away.announced_at
        and day_of(at) <= away.days[1]
        and (away.back_at is None or at < away.back_at)
    )


def _partners(history: History, person: str, at: datetime) -> list[tuple[str, str]]:
    """Every other current member of each running partnership, with the partnership's name."""
    partners = []
    for partnership in history.partnerships:
        if not is_open(partnership, at) or is_paused(partnership, at):
            continue
        current = [member.person for member in partnership.members if is_current(member, at)]
        if person in current:
            partners += [(partnership.name, other) for other in current if other != person]
    return partners


def closings(history: History) -> Iterator[Expected]:
    """EI-2: a closing message to everybody who stayed until the programme's end."""
    for partnership in history.partnerships:
        if partnership.end == "programme" and partnership.ended_at:
            for member in partnership.members:
                if member.stayed:
                    yield Expected(day_of(partnership.ended_at), "closing", member.person, partnership.name)
