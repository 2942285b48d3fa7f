"""Who goes where once it's decided which circles run: exact, as an assignment (see `assignment`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Flags, Floats, Ints
from .assignment import Assignment, assign
from .circle_model import Opening
from .circle_table import Table
from .lots import settle


@dataclass(frozen=True, eq=False)
class Filling:
    """Per row of the table the column it goes to (mentors first, then options; -1 for none), what was drawn
    by lot, what it amounts to, what no filling of the same opening can exceed, and what each row keeps of its
    worth after the price of the best column."""

    opening: Opening
    column_of: Ints
    drawn: Flags
    placed: int
    worth: int
    bound: int
    gains: Ints


def fill(table: Table, opening: Opening) -> Filling:
    """Place most people, and then with the largest total fit, in an opening that is known to be possible.

    A circle's seats are columns of two kinds: those up to the smallest size, which must be taken, and the
    rest. A seat that must be taken and a person with a locked membership count more than everything else.
    """
    worth, capacity = _columns(table, opening)
    musts = _musts(table, worth)
    weighed = np.where(worth > 0, worth + musts, 0)
    found = assign(weighed, capacity)
    keys = table.problem.mentee_keys[table.people], _column_keys(table)
    column_of, drawn = settle(weighed, capacity, found, table.seed, *keys)
    _check_full(table, capacity, column_of)
    rows = np.flatnonzero(column_of >= 0)
    taken = column_of[rows]
    options = len(table.options)
    return Filling(
        opening=opening,
        column_of=np.where(column_of >= len(table.mentors) + options, column_of - options, column_of),
        drawn=drawn,
        placed=len(rows),
        worth=int(worth[rows, taken].sum()),
        bound=_bound(weighed, capacity, found) - int(musts[rows, taken].sum()),
        gains=gains(worth[:, capacity > 0], found.prices[capacity > 0]),
    )


def seated(table: Table, opening: Opening, least: Ints) -> Ints | None:
    """The option of each row (-1 for none, -2 for a pair) if circles could stay below their smallest size, but for
    `least` of them; None where those or the locked members can't all be seated."""
    worth, capacity = _columns(table, opening, least)
    mentors, options = len(table.mentors), len(table.options)
    column_of = assign(np.where(worth > 0, worth + _musts(table, worth), 0), capacity).mentor_of
    filled = np.bincount(column_of[column_of >= 0], minlength=len(capacity))
    must = slice(mentors, mentors + options)
    if (filled[must] < capacity[must]).any() or (column_of[table.required] < 0).any():
        return None
    option_of: Ints = np.where(column_of >= mentors, (column_of - mentors) % max(options, 1), -2)
    return np.where(column_of < 0, -1, option_of)


def _columns(table: Table, opening: Opening, least: Ints | None = None) -> tuple[Floats, Ints]:
    """Worth and capacity per column: mentors, seats up to the smallest size per option (of all circles that are
    open, or of `least` of them), further seats."""
    must = opening.circles if least is None else least
    fewest = np.array([option.fewest for option in table.options], dtype=np.int64) * must
    most = table.seats_each * opening.circles
    taken = allowed(table, opening)
    worth = np.hstack([table.pair_worth, taken, taken])
    return worth, np.concatenate([table.places, fewest, most - fewest])


def _musts(table: Table, worth: Floats) -> Floats:
    """What a pair counts beyond its worth: more than all worths together for a row and for a column that
    must be filled."""
    mentors, options = len(table.mentors), len(table.options)
    musts = np.zeros_like(worth)
    musts[table.required] += 1
    musts[:, mentors : mentors + options] += 1
    return musts * (len(table.people) * table.largest_worth + 1)


def most_placed(table: Table) -> int:
    """How many could be placed if every circle could run at any size: no choice places more."""
    relaxed = _count(table.worth, np.concatenate([table.places, table.seats]))
    if not any(option.needs_second for option in table.options):
        return relaxed
    running = sum(option.most for option in table.options if not option.needs_second)
    new = int(table.problem.circles.sum()) // 2 * table.problem.sizes[1]
    return min(relaxed, _count(table.pair_worth, table.places) + running + new)


def largest_worth(table: Table) -> int:
    """What all placings could be worth if every circle could run at any size: no choice is worth more."""
    capacity = np.concatenate([table.places, table.seats])
    return _bound(table.worth, capacity, assign(table.worth, capacity))


def _count(worth: Floats, capacity: Ints) -> int:
    return int((assign(np.minimum(worth, 1), capacity).mentor_of >= 0).sum())


def allowed(table: Table, opening: Opening) -> Floats:
    """The worth of each person in each option, without those who are forbidden to be with its second
    facilitator."""
    worth = table.circle_worth.copy()
    options = np.flatnonzero(opening.second >= 0)
    barred = table.barred[:, opening.second[options]]
    worth[:, options] = np.where(barred, 0, worth[:, options])
    return worth


def gains(worth: Floats, prices: Ints) -> Ints:
    best: Ints = (worth - prices).max(axis=1, initial=0).astype(np.int64)
    return best


def _bound(worth: Floats, capacity: Ints, found: Assignment) -> int:
    return int(gains(worth, found.prices).sum()) + int(np.minimum(capacity, len(worth)) @ found.prices)


def _check_full(table: Table, capacity: Ints, column_of: Ints) -> None:
    mentors, options = len(table.mentors), len(table.options)
    filled = np.bincount(column_of[column_of >= 0], minlength=len(capacity))
    must = slice(mentors, mentors + options)
    if (filled[must] < capacity[must]).any() or (column_of[table.required] < 0).any():
        raise ArithmeticError("The circles that were to run can't be filled: the solver was inexact.")


def _column_keys(table: Table) -> Ints:
    """A key for each column: the mentor's own for one-to-one, so that lots fall as they do without circles,
    and others made from it for the two kinds of seats of each option."""
    mentor_keys, seen = table.problem.mentor_keys, dict.fromkeys(table.mentors.tolist(), 0)
    options = []
    for option in table.options:
        seen[option.lead] += 1
        options.append((int(mentor_keys[option.lead]) + (seen[option.lead] << 54)) % 2**62)
    seats = np.array(options, dtype=np.int64)
    return np.concatenate([mentor_keys[table.mentors], seats, seats + 2**62])
