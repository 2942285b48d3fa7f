"""Proving a choice of pairs and circles without solving again, from the problem and a price per mentee.

Whatever the prices: let everybody be placed as often as somebody likes, at their price each time. Then every
mentor and every circle can choose for itself whom to take, whole and within its sizes, and what they all
gain, plus the prices, is at least the worth of any choice in which everybody is placed once. Prices in whole
shares make that sum exact; it is rounded to the next whole number below only at the end, since no choice has
a fraction. Tampered prices can give a weaker bound, never a false one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, Ints, InvalidProblem, whole_numbers
from .certificate import check_floor
from .circle_problem import CircleProblem
from .circle_rules import checked_choice
from .circle_solution import Circle, CircleDuals, CirclePrices, CircleProof, chosen_pathway
from .circle_table import Option, Table, table_of


def prove_circles(
    problem: CircleProblem,
    pairs: ArrayLike,
    circles: Sequence[Circle],
    duals: CircleDuals,
    *,
    pathway: str | None = None,
    floor: int | None = None,
) -> CircleProof:
    """Check that `pairs` and `circles` keep every rule, and find out from `duals` how good they are.

    `pathway` is the one that the run was restricted to. With `floor` the claim is that the choice is the
    fairest: the total is bounded among choices with no unlocked fit below the floor, and `duals.above` must
    show that above it fewer could be placed. Raises InvalidProblem if a rule, size, seat or locked place
    isn't kept, or if the duals aren't whole numbers for these people.
    """
    only = chosen_pathway(pathway)
    chosen, members = checked_choice(problem, pairs, circles, only)
    fits = np.concatenate([problem.fit(chosen), problem.circle_fit(members)])
    locked = np.concatenate([problem.locked, problem.locked_members])
    check_floor(fits, np.concatenate([chosen, members]), locked, floor)
    table = table_of(problem, 0, only)
    return proof_of(table, fits, duals, floor)


def proof_of(table: Table, fits: Ints, duals: CircleDuals, floor: int | None) -> CircleProof:
    """What `duals` prove of a choice with these fits, one for each who is placed, that keeps every rule."""
    problem = table.problem
    locked, placed = len(problem.locked), len(fits) - len(problem.locked)
    claimed = table if floor is None else table.above(floor)
    return CircleProof(
        placed=len(fits),
        total=int(fits.sum()),
        smallest=int(fits.min()) if len(fits) else None,
        most_placed=locked + most_bound(table, duals.most),
        upper_bound=total_bound(claimed, duals.total, placed) + int(problem.fit(problem.locked).sum()),
        is_fairest=floor is None or _is_highest(table, placed, floor, duals.above),
    )


def _is_highest(table: Table, placed: int, floor: int, above: CirclePrices | None) -> bool:
    return above is not None and most_bound(table.above(floor + 1), above) < placed


def most_bound(table: Table, prices: CirclePrices) -> int:
    """No choice places more people than this, beside the locked pairs."""

    def bound(case: Table, given: CirclePrices) -> int | None:
        shares = shares_bound(case, given, unit=True)
        return None if shares is None else shares // given.scale

    return _by_cases(table, prices, bound) or 0


def total_bound(table: Table, prices: CirclePrices, placed: int) -> int:
    """No choice that places so many, beside the locked pairs, has a total above this without them."""

    def bound(case: Table, given: CirclePrices) -> int | None:
        shares = shares_bound(case, given)
        return None if shares is None else (shares - given.placing * placed) // given.scale

    return _by_cases(table, prices, bound) or 0


def _by_cases(
    table: Table, prices: CirclePrices, bound: Callable[[Table, CirclePrices], int | None]
) -> int | None:
    """What the prices bound, or their cases if better, whichever of these holds; None if none can.

    Cases of circles that aren't in the table tell nothing apart: both then stand for the whole.
    """
    own, cases = bound(table, prices), prices.cases
    if cases is None or own is None:
        return own
    number = table.option_numbers.get((cases.lead, cases.running, cases.ordinal))
    fewer, more = (table, table) if number is None else table.split(number, cases.at)
    found = _by_cases(fewer, cases.fewer, bound), _by_cases(more, cases.more, bound)
    return min(own, max((each for each in found if each is not None), default=own))


def shares_bound(table: Table, prices: CirclePrices, *, unit: bool = False) -> int | None:
    """No choice is worth more than this in shares of 1/scale, where each placing is worth its fit and
    `placing`; with `unit` 1 alone. None where there is no choice at all, for want of people."""
    people, leading, scale, placing = _checked(table, prices)
    pairs, seats = (
        _gains(table, worth, people, scale, 0 if unit else placing, unit)
        for worth in (table.pair_worth, table.circle_worth)
    )
    bound = sum(people.tolist()) + sum(_best_of_mentors(pairs, table.places))
    bound += sum(price * count for price, count in zip(leading, table.problem.circles.tolist(), strict=True))
    circles = [_best_of_option(table, number, seats, leading) for number in range(len(table.options))]
    return None if None in circles else bound + sum(best for best in circles if best is not None)


def limit_of(table: Table) -> int:
    """Shares that stay below this can be added up over everybody in 64 bits."""
    limit: int = 2**60 // (len(table.people) + 2)
    return limit


def _checked(table: Table, prices: CirclePrices) -> tuple[Ints, list[int], int, int]:
    """The prices per row of the table and per mentor, brought to a sign and a size that prove something."""
    problem, limit = table.problem, limit_of(table)
    mentees = whole_numbers(prices.mentees, "The prices of the mentees", 1)
    leading = whole_numbers(prices.leading, "The prices of leading a circle", 1)
    if (len(mentees), len(leading)) != (problem.mentees, problem.mentors):
        raise InvalidProblem("The prices must be of the same mentees and mentors as the problem.")
    scale, placing = whole_numbers([prices.scale, prices.placing], "The scale of the prices", 1).tolist()
    lowest, highest = problem.fit_limits
    if scale < 1 or max(abs(lowest), abs(highest), 1) * scale + abs(placing) > limit:
        raise InvalidProblem("The scale of the prices doesn't allow of an exact proof.")
    least = np.where(table.required, -limit, 0)
    people = np.clip(mentees[table.people], least, limit)
    return people, np.clip(leading, 0, limit).tolist(), scale, placing


def _gains(table: Table, worth: Floats, people: Ints, scale: int, placing: int, unit: bool) -> Ints:
    """What each place gains by each person after their price; far below zero where the two may not be."""
    found = worth.astype(np.int64)
    value = scale if unit else (found - table.bonus) * scale + placing
    gains: Ints = np.where(found > 0, value - people[:, None], -4 * limit_of(table))
    return gains


def _best_of_mentors(gains: Ints, places: Ints) -> list[int]:
    """What each mentor gains by the best people for their places."""
    ordered = np.sort(np.maximum(gains, 0), axis=0)[::-1]
    taken = np.arange(len(gains))[:, None] < places[None, :]
    sums: list[int] = np.where(taken, ordered, 0).sum(axis=0).tolist()
    return sums


def _best_of_option(table: Table, number: int, seats: Ints, leading: list[int]) -> int | None:
    """What a circle, or several by one lead, gains by the best people within its sizes; the lead and the
    second facilitator are paid for each circle. None if so many circles can't run."""
    option, column = table.options[number], seats[:, number]
    allowed = table.circle_worth[:, number] > 0
    if not option.needs_second:
        return _best_filling(option, column[allowed])
    found = [0] if option.least_open <= 0 <= option.most_open else []
    once = replace(option, least_open=1, most_open=min(option.most_open, 1))
    for second in np.flatnonzero(table.problem.circles).tolist():
        if second != option.lead:
            gained = _best_filling(once, column[allowed & ~table.barred[:, second]])
            found += [] if gained is None else [gained - leading[option.lead] - leading[second]]
    return max(found, default=None)


def _best_filling(option: Option, gains: Ints) -> int | None:
    sums = [0, *np.cumsum(np.sort(gains)[::-1]).tolist()]
    liked = int((gains > 0).sum())
    best = [
        sums[min(max(liked, option.fewest * circles), option.most * circles, len(gains))]
        for circles in range(option.least_open, option.most_open + 1)
        if option.fewest * circles <= len(gains)
    ]
    return max(best, default=None)
