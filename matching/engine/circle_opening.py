"""A good choice of circles without a search: all are open at first, and those that stay too small are shut.

Every step is an exact assignment, so what comes out is a choice that keeps all rules, at hand within seconds even
where integer programming finds none in time. Without locked members it never places fewer than no new circle would:
whoever the open circles don't draw away from pairs stays where they'd be without.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .arrays import Flags, Ints
from .circle_filling import allowed, seated
from .circle_model import Opening
from .circle_table import Table


def quick_opening(table: Table, is_late: Callable[[], bool]) -> Opening | None:
    """Circles that all reach their smallest size; None if none were found that give the locked members theirs.

    Of those that are too small the smaller half is shut at a time; once it `is_late`, all of them. In the end those
    are opened again that people without a place would fill.
    """
    least = _demanded(table)
    first = _all_open(table, least)
    opening, is_done = first, False
    while first is not None and opening is not None:
        option_of = seated(table, opening, least)
        if option_of is None:
            return None
        if is_done:
            return _reopened(table, first, opening, option_of == -1)
        counts = np.bincount(option_of[option_of >= 0], minlength=len(table.options))
        kept, is_done = _kept(table, opening.circles, counts, least, is_late)
        opening = _with(first, kept)
        least = kept if is_done else least
    return None


def _with(first: Opening, circles: Ints) -> Opening:
    return Opening(circles, np.where(circles > 0, first.second, -1))


def _reopened(table: Table, first: Opening, opening: Opening, is_left: Flags) -> Opening:
    """With a circle more wherever enough of those who are left could fill it, most of them first."""
    takes = (allowed(table, first) > 0) & is_left[:, None]
    circles = opening.circles.copy()
    while (more := (circles < first.circles) & (takes.sum(axis=0) >= _fewest(table))).any():
        number = int(np.where(more, takes.sum(axis=0), -1).argmax())
        circles[number] += 1
        there = np.flatnonzero(takes[:, number])
        rare = np.argsort(takes[there].sum(axis=1), kind="stable")
        takes[there[rare[: table.options[number].most]]] = False
    return _with(first, circles)


def _fewest(table: Table) -> Ints:
    return np.array([max(option.fewest, 1) for option in table.options], dtype=np.int64)


def _demanded(table: Table) -> Ints:
    """How many circles of each option must run: those that do already, and enough for the locked members."""
    least = np.array([option.least_open for option in table.options], dtype=np.int64)
    lead_of = dict(table.problem.locked_members.tolist())
    members = np.array([lead_of[i] for i in table.people[table.required].tolist()], dtype=np.int64)
    for lead, count in zip(*np.unique(members, return_counts=True), strict=True):
        theirs = [number for number, option in enumerate(table.options) if option.lead == lead]
        short = int(count) - int((least * table.seats_each)[theirs].sum())
        for number in sorted(theirs, key=lambda each: table.options[each].fewest):
            option = table.options[number]
            more = min(option.most_open - int(least[number]), max(0, -(-short // option.most)))
            least[number] += more
            short -= more * option.most
    return least


def _all_open(table: Table, least: Ints) -> Opening | None:
    """As many circles as there can be, with a second facilitator where one is needed, those first that must run
    and then those that most people could join. None where a circle that must run has no second facilitator."""
    circles = np.array([option.most_open for option in table.options], dtype=np.int64)
    second = np.full(len(circles), -1, dtype=np.int64)
    free, barred = table.problem.circles.copy(), table.barred
    takers = (table.circle_worth > 0).sum(axis=0)
    wanted = np.zeros(len(free), dtype=np.int64)
    for number, option in enumerate(table.options):
        wanted[option.lead] = takers[number]
    # A lead of what must run may not be used up as the second facilitator of another such circle.
    kept = np.bincount(
        [o.lead for o, c in zip(table.options, least, strict=True) if c and o.needs_second],
        minlength=len(free),
    )
    for number in np.lexsort([-takers, least == 0]).tolist():
        option = table.options[number]
        if not option.needs_second:
            continue
        if least[number]:
            kept[option.lead] -= 1
        apart = barred[table.required & (table.circle_worth[:, number] > 0)].any(axis=0)
        able = (free > kept) & ~apart & (np.arange(len(free)) != option.lead)
        if free[option.lead] <= kept[option.lead] or not able.any():
            circles[number] = 0
            continue
        cost = barred[table.circle_worth[:, number] > 0].sum(axis=0) * (len(free) + wanted.max() + 1) + wanted
        second[number] = np.where(able, cost, cost.max() + 1).argmin()
        free[[option.lead, second[number]]] -= 1
    return None if (circles < least).any() else Opening(circles, second)


def _kept(
    table: Table, circles: Ints, counts: Ints, least: Ints, is_late: Callable[[], bool]
) -> tuple[Ints, bool]:
    """The circles that stay open, and whether all of them are large enough."""
    fewest = np.array([option.fewest for option in table.options], dtype=np.int64)
    kept = np.minimum(circles, np.maximum(-(-counts // table.seats_each), least))
    short = np.flatnonzero((counts < fewest * kept) & (kept > least))
    if not len(short):
        return kept, True
    share = counts[short] / (fewest * kept)[short]
    number = len(short) if is_late() else (len(short) + 1) // 2
    shut = short[np.argsort(share, kind="stable")[:number]]
    kept[shut] = np.maximum(least[shut], counts[shut] // fewest[shut])
    return kept, False
