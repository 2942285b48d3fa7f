"""The prices that prove a result over both pathways, from the linear relaxation (see `circle_relaxation`).

Its dual prices of "everybody once" and of leading are all that `circle_certificate` needs; the rest it finds
itself. They come in floating point and are rounded to whole shares: that costs at most a little of the bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from time import perf_counter

import numpy as np

from .arrays import Floats, sealed
from .assignment import assign
from .circle_certificate import limit_of, most_bound, total_bound
from .circle_filling import Filling, gains
from .circle_relaxation import relaxed
from .circle_solution import Cases, CirclePrices
from .circle_table import Table

SCALE = 2**20
"""The finest shares in which prices are kept."""
CASES = 200
"""So many cases at most are told apart before a gap is stated."""


def prices_of_most(table: Table, placed: int, seconds: float) -> CirclePrices:
    """Prices that bound how many can be placed: those of circles of any size if they prove `placed`,
    otherwise those of the relaxation, case by case."""
    found = assign(np.minimum(table.worth, 1), np.concatenate([table.places, table.seats]))
    cover = _prices(table, gains(np.minimum(table.worth, 1), found.prices).astype(float), 1)
    if most_bound(table, cover) <= placed or not table.has_decisions:
        return cover
    return _searched(table, cover, placed, None, seconds)


def prices_of_total(table: Table, filling: Filling, seconds: float) -> CirclePrices:
    """Prices that bound the total of as many as are placed now: those of the filling or of circles of any size if
    they prove it, otherwise those of the relaxation, case by case."""
    at_hand = _prices(table, filling.gains.astype(float), 1, placing=table.bonus)
    if not table.has_decisions:
        return at_hand
    reached = filling.worth - table.bonus * filling.placed
    if (bound := _bound(table, at_hand, filling.placed)) > reached:
        found = assign(table.worth, np.concatenate([table.places, table.seats]))
        loose = _prices(table, gains(table.worth, found.prices).astype(float), 1, placing=table.bonus)
        at_hand = loose if _bound(table, loose, filling.placed) < bound else at_hand
    return _searched(table, at_hand, reached, filling.placed, seconds)


@dataclass(eq=False)
class _Case:
    """A case of the search with what bounds it, and how many circles of each option its relaxation opens."""

    table: Table
    prices: CirclePrices
    bound: int
    opened: Floats | None
    parts: tuple[Cases, _Case, _Case] | None = None

    def with_cases(self) -> CirclePrices:
        if self.parts is None:
            return self.prices
        split, fewer, more = self.parts
        cases = replace(split, fewer=fewer.with_cases(), more=more.with_cases())
        return replace(self.prices, cases=cases)


def _searched(
    table: Table, at_hand: CirclePrices, reached: int, placed: int | None, seconds: float
) -> CirclePrices:
    """Bounds that prove `reached` if that takes few enough cases: the worst one is split until then."""
    ends = perf_counter() + seconds
    root = _case(table, at_hand, placed, seconds)
    waiting = [(-root.bound, 0, root)]
    for number in range(1, CASES):
        worst = waiting[0][2]
        left = ends - perf_counter()
        split = None if worst.bound <= reached or left <= 0 else _split(worst)
        if split is None:
            break
        heappop(waiting)
        fewer, more = (
            _case(case, worst.prices, placed, left) for case in worst.table.split(split[1], split[0].at)
        )
        worst.parts = split[0], fewer, more
        heappush(waiting, (-fewer.bound, 2 * number, fewer))
        heappush(waiting, (-more.bound, 2 * number + 1, more))
    return root.with_cases()


def _split(case: _Case) -> tuple[Cases, int] | None:
    """The option whose circles run the least wholly, and at what number to split; None if all run wholly."""
    if case.opened is None or not len(case.opened):
        return None
    part = np.abs(case.opened - np.rint(case.opened))
    number = int(part.argmax())
    if part[number] < 1e-6:
        return None
    lead, running, ordinal = list(case.table.option_numbers)[number]
    at = int(np.floor(case.opened[number]))
    return Cases(lead, running, ordinal, at, case.prices, case.prices), number


def _case(table: Table, at_hand: CirclePrices, placed: int | None, seconds: float) -> _Case:
    """A case with the prices of its relaxation, or those at hand where they bound it better."""
    given = _Case(table, at_hand, _bound(table, at_hand, placed), None)
    found = relaxed(table, placed, seconds)
    if found is not None:
        given.opened = found.opened
        people, paid, placing = found.people, found.leading, found.placing
        prices = _prices(table, people, _scale(table), leading=paid, placing=placing)
        if (bound := _bound(table, prices, placed)) < given.bound:
            given.prices, given.bound = prices, bound
    return given


def _bound(table: Table, prices: CirclePrices, placed: int | None) -> int:
    return most_bound(table, prices) if placed is None else total_bound(table, prices, placed)


def _prices(
    table: Table,
    people: Floats,
    scale: int,
    *,
    leading: Floats | None = None,
    placing: float = 0,
) -> CirclePrices:
    """Prices per row of the table, in whole shares per mentee; who has a locked pair has none."""
    mentees = np.zeros(table.problem.mentees, dtype=np.int64)
    mentees[table.people] = np.rint(people * scale)
    paid = np.zeros(table.problem.mentors) if leading is None else np.rint(leading * scale)
    return CirclePrices(scale, sealed(mentees), sealed(paid.astype(np.int64)), round(placing * scale))


def _scale(table: Table) -> int:
    """The finest shares in which everything about a table stays exact."""
    lowest, highest = table.problem.fit_limits
    room = limit_of(table) // (8 * max(abs(lowest), abs(highest), table.bonus))
    return min(SCALE, 2 ** (max(room, 1).bit_length() - 1))
