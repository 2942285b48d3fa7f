"""Which circles to open, decided by integer programming (HiGHS), with the bound it proves.

Only the numbers of circles and their second facilitators are whole-number variables: once they're set,
what is left is a flow, and `circle_filling` solves that exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

from .arrays import Floats, Ints
from .circle_table import Table

Part: TypeAlias = tuple[csr_array, Any, Any]
INFEASIBLE = 2
"""How `milp` says that no choice keeps all constraints."""


@dataclass(frozen=True, eq=False)
class Opening:
    """How many circles of each option run, and the second facilitator of each option (-1 for none)."""

    circles: Ints
    second: Ints


@dataclass(frozen=True, eq=False)
class Decision:
    """An opening (None if there is none or none was found in time), what no choice at all can exceed, and
    whether any choice keeps the locked places."""

    opening: Opening | None
    bound: float
    is_possible: bool = True


def decide(table: Table, worth_of_placing: int | None, seconds: float, *, at_least: int = 0) -> Decision:
    """Open so that the sum of `worth_of_placing` + fit over all who are placed is as large as can be.

    None counts the people alone. `at_least` so many must be placed. Stops after `seconds`, and doesn't begin
    without any.
    """
    largest = 1 if worth_of_placing is None else table.largest_worth - table.bonus + worth_of_placing
    most = max(len(table.people) * float(largest), 1.0)
    if seconds <= 0:
        return Decision(None, most)
    model = Model(table)
    worth = model.worth(worth_of_placing)
    result = milp(
        -worth,
        integrality=model.is_whole,
        bounds=Bounds(model.low, model.high),
        constraints=LinearConstraint(*stacked(model.blocks(at_least).values())),
        options={"time_limit": seconds, "mip_rel_gap": 0.25 / most},
    )
    if result.status == INFEASIBLE:
        return Decision(None, 0.0, is_possible=False)
    bound = most if result.mip_dual_bound is None else min(-float(result.mip_dual_bound), most)
    return Decision(None if result.x is None else model.opening(result.x), bound)


def stacked(parts: Iterable[Part]) -> tuple[csr_array, Floats, Floats]:
    """All rows together with the lower and the upper limit of each."""
    rows, low, high = zip(*parts, strict=True)
    sides = (
        np.concatenate(
            [
                np.broadcast_to(np.asarray(limit, dtype=float), block.shape[0])
                for limit, block in zip(side, rows, strict=True)
            ]
        )
        for side in (low, high)
    )
    return vstack(rows, format="csr"), *sides


class Model:
    """The table as variables: a share per person and mentor ("pair"), per person and option ("seat"), the
    circles that run per option, and whether somebody is an option's second facilitator."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.pair_row, self.pair_mentor = np.nonzero(table.pair_worth)
        self.seat_row, self.seat_option = np.nonzero(table.circle_worth)
        self.second_option, self.second = _second_facilitators(table)
        pairs, seats = len(self.pair_row), len(self.seat_row)
        self.pairs = np.arange(pairs)
        self.seats = pairs + np.arange(seats)
        self.opens = pairs + seats + np.arange(len(table.options))
        self.leads = pairs + seats + len(table.options) + np.arange(len(self.second))
        self.variables = pairs + seats + len(table.options) + len(self.second)
        self.low, self.high = np.zeros(self.variables), np.ones(self.variables)
        self.low[self.opens] = [option.least_open for option in table.options]
        self.high[self.opens] = [option.most_open for option in table.options]
        self.is_whole = np.zeros(self.variables)
        self.is_whole[pairs + seats :] = 1

    def worth(self, worth_of_placing: int | None) -> Floats:
        worth = np.zeros(self.variables)
        pairs = self.table.pair_worth[self.pair_row, self.pair_mentor]
        seats = self.table.circle_worth[self.seat_row, self.seat_option]
        fits = np.concatenate([pairs, seats]) - self.table.bonus
        worth[: len(fits)] = 1 if worth_of_placing is None else fits + worth_of_placing
        return worth

    def blocks(self, fewest_placed: float, most_placed: float = np.inf) -> dict[str, Part]:
        """Named blocks of rows with their limits: everybody once, the number placed, places, sizes, no seat
        taken further than its circle runs, and a second facilitator for each circle that needs one."""
        table, options = self.table, np.arange(len(self.table.options))
        arcs = np.concatenate([self.pairs, self.seats])
        fewest = np.array([option.fewest for option in table.options], dtype=np.int64)
        most = np.array([option.most for option in table.options], dtype=np.int64)
        once = self._rows(len(table.people), (np.concatenate([self.pair_row, self.seat_row]), arcs, 1))
        placed = self._rows(1, (np.zeros(len(arcs), dtype=np.int64), arcs, 1))
        taken = self._rows(len(table.mentors), (self.pair_mentor, self.pairs, 1))
        seated = (self.seat_option, self.seats, 1)
        return {
            "once": (once, np.where(table.required, 1, -np.inf), 1),
            "placed": (placed, fewest_placed, most_placed),
            "taken": (taken, -np.inf, table.places),
            "fewest": (self._rows(len(options), seated, (options, self.opens, -fewest)), 0, np.inf),
            "most": (self._rows(len(options), seated, (options, self.opens, -most)), -np.inf, 0),
            "partial": (self._partial(), -np.inf, 0),
            **self._second_parts(),
        }

    def _second_parts(self) -> dict[str, Part]:
        options = np.flatnonzero([option.needs_second for option in self.table.options])
        if not len(options):
            return {}
        leads = np.array([self.table.options[option].lead for option in options], dtype=np.int64)
        given = (self.second_option, self.leads, 1)
        has_second = self._rows(len(self.table.options), given, (options, self.opens[options], -1))
        mentors = self.table.problem.mentors
        load = self._rows(mentors, (leads, self.opens[options], 1), (self.second, self.leads, 1))
        return {"second": (has_second, 0, 0), "load": (load, -np.inf, self.table.problem.circles)}

    def _partial(self) -> csr_array:
        """A seat is taken no further than its option runs, less the share of second facilitators whom the
        person can't be with. Without the latter that's true of whole circles anyway, but of parts of circles
        it makes the bound much tighter."""
        rows = np.arange(len(self.seats))
        seats, seconds = self._apart()
        taken = (rows, self.seats, 1), (rows, self.opens[self.seat_option], -1)
        return self._rows(len(rows), *taken, (seats, self.leads[seconds], 1))

    def _apart(self) -> tuple[Ints, Ints]:
        """Seats and second facilitators that can't go together, as positions in either list."""
        found = [np.zeros((0, 2), dtype=np.int64)]
        for option in np.unique(self.second_option):
            seats, leads = (np.flatnonzero(each == option) for each in (self.seat_option, self.second_option))
            barred = self.table.barred[np.ix_(self.seat_row[seats], self.second[leads])]
            seat, lead = np.nonzero(barred)
            found.append(np.column_stack([seats[seat], leads[lead]]))
        apart = np.concatenate(found)
        return apart[:, 0], apart[:, 1]

    def _rows(self, count: int, *entries: tuple[Ints, Ints, int | Ints]) -> csr_array:
        """`count` rows over all variables; entries are (row, variable, factor) columns."""
        row, variable, factor = (
            np.concatenate(column)
            for column in zip(*((r, v, np.broadcast_to(f, len(r))) for r, v, f in entries), strict=True)
        )
        return coo_array((factor.astype(float), (row, variable)), shape=(count, self.variables)).tocsr()

    def opening(self, values: Floats) -> Opening:
        table = self.table
        second = np.full(len(table.options), -1, dtype=np.int64)
        leading = np.rint(values[self.leads]) == 1
        second[self.second_option[leading]] = self.second[leading]
        return Opening(np.rint(values[self.opens]).astype(np.int64), second)


def _second_facilitators(table: Table) -> tuple[Ints, Ints]:
    """Every option that needs a second facilitator with every mentor who could be it."""
    able = table.mentors[table.problem.circles[table.mentors] > 0].tolist()
    found = [
        (number, mentor)
        for number, option in enumerate(table.options)
        if option.needs_second
        for mentor in able
        if mentor != option.lead
    ]
    columns = np.array(found, dtype=np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]
