"""The linear relaxation of pairs and circles (HiGHS), with the dual prices of its rows.

A circle may run in part here, but then nobody takes more of a seat in it than it runs. Where there are many
pairs and seats, it begins with those that fit best and adds those that its prices show to be missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import eye_array, hstack, vstack

from .arrays import Flags, Floats
from .circle_model import Model, Part, stacked
from .circle_table import Table

AT_ONCE = 12_000
"""So many pairs and seats are taken together; of more, the best ones first."""
NOISE = 1e-7
"""A gain below this, of fits up to 100, is the solver's rounding."""
SOME = 8
"""The best per row, and half of those per column, that circles of a large table are decided on."""
FIRST, ADDED = 10, 6
"""The best per row and per column to begin with, and the most missing ones per row that are added in a round."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The prices per row of the table, per mentor of leading a circle, of a place or seat in each column and
    of a placing, and how many circles of each option run."""

    people: Floats
    leading: Floats | None
    columns: Floats
    placing: float
    opened: Floats


def relaxed(table: Table, placed: int | None, seconds: float) -> Relaxation | None:
    """The relaxation in which so many are placed, or (None) as many as can be; None if it took too long."""
    ends = perf_counter() + seconds
    arcs = _first(table)
    while arcs.any() and (left := ends - perf_counter()) > 0:
        found = _solved(_only(table, arcs), placed, left)
        if found is None:
            return None
        missing = _missing(table, arcs, found, placed)
        if not missing.any():
            return found
        arcs |= missing
    return None


def is_large(table: Table, arcs: int) -> bool:
    """Whether there are more pairs and seats than that."""
    return int(np.count_nonzero(table.worth)) > arcs


def best_fits(table: Table) -> Table:
    """The table with the best fits per row and per column alone, for pairs and for seats, and all that is locked."""
    pairs, seats = table.pair_worth, table.circle_worth
    best = [_largest(worth, SOME) | _largest(worth.T, 2 * SOME).T for worth in (pairs, seats)]
    arcs: Flags = (np.hstack(best) | table.required[:, None]) & (table.worth > 0)
    return _only(table, arcs)


def _only(table: Table, arcs: Flags) -> Table:
    mentors = len(table.mentors)
    pairs = np.where(arcs[:, :mentors], table.pair_worth, 0)
    return replace(table, pair_worth=pairs, circle_worth=np.where(arcs[:, mentors:], table.circle_worth, 0))


def _first(table: Table) -> Flags:
    worth = table.worth
    allowed: Flags = worth > 0
    if int(allowed.sum()) <= AT_ONCE:
        return allowed
    best = _largest(worth, FIRST) | _largest(worth.T, FIRST).T | table.required[:, None]
    return best & allowed


def _largest(values: Floats, count: int) -> Flags:
    """The largest `count` values of each row."""
    marked = np.zeros(values.shape, dtype=np.bool_)
    if values.shape[1] <= count:
        return ~marked
    columns = np.argpartition(values, -count, axis=1)[:, -count:]
    np.put_along_axis(marked, columns, True, axis=1)
    return marked


def _missing(table: Table, arcs: Flags, found: Relaxation, placed: int | None) -> Flags:
    """What would gain by its price and isn't among the arcs yet, the most per row."""
    worth = table.worth
    fits = np.where(worth > 0, worth - table.bonus, 0)
    value = np.ones_like(worth) if placed is None else fits + found.placing
    gains = value - found.people[:, None] - found.columns
    gains[arcs | (worth == 0)] = 0
    wanted: Flags = gains > NOISE * (1 + float(np.abs(fits).max(initial=0)) / 100)
    return wanted & _largest(gains, ADDED) if wanted.any() else wanted


def _solved(table: Table, placed: int | None, seconds: float) -> Relaxation | None:
    model = Model(table)
    at_least, at_most = (0.0, np.inf) if placed is None else (placed, placed)
    dear = len(table.people) + 1 if placed is None else table.bonus
    cost = -model.worth(None if placed is None else 0)
    result = _linear(model, cost, model.blocks(at_least, at_most), dear, seconds)
    if result is None:
        return None
    values, shares = result
    return Relaxation(
        people=values["once"],
        leading=values.get("load"),
        columns=np.concatenate([values["taken"], values["fewest"] + values["most"]]),
        placing=0.0 if placed is None else -float(values["placed"][0]),
        opened=shares[model.opens],
    )


def _linear(
    model: Model, cost: Floats, blocks: dict[str, Part], dear: int, seconds: float
) -> tuple[dict[str, Floats], Floats] | None:
    """What one more on the right of each row would add, by block, and the shares. What a row demands at least
    may be missed at the cost of `dear` for each, so that there's always an answer."""
    rows, low, high = stacked(blocks.values())
    missed = eye_array(len(low), format="csr")[:, low > -np.inf]
    rows = hstack([rows, missed], format="csr")
    limits = np.column_stack([model.low, model.high])
    equal = low == high
    below, above = ~equal & (high < np.inf), ~equal & (low > -np.inf)
    result = linprog(
        np.append(cost, np.full(missed.shape[1], dear)),
        A_ub=vstack([rows[below], -rows[above]], format="csr"),
        b_ub=np.concatenate([high[below], -low[above]]),
        A_eq=rows[equal],
        b_eq=low[equal],
        bounds=np.vstack([limits, np.tile([0, np.inf], (missed.shape[1], 1))]),
        options={"time_limit": seconds},
    )
    if result.status != 0:
        return None
    values, split = np.zeros(len(low)), int(below.sum())
    values[equal] = -result.eqlin.marginals
    values[below] -= result.ineqlin.marginals[:split]
    values[above] += result.ineqlin.marginals[split:]
    ends = np.cumsum([block[0].shape[0] for block in blocks.values()])[:-1]
    return dict(zip(blocks, np.split(values, ends), strict=True)), result.x
