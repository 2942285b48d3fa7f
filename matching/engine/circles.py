"""Circles and pairs in one run: most people placed, then the best fits, circles of a sound size (BM-7)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from math import floor
from time import perf_counter

import numpy as np

from .arrays import Ints, InvalidProblem, sealed
from .circle_certificate import prove_circles
from .circle_duals import prices_of_most, prices_of_total
from .circle_filling import Filling, fill, largest_worth, most_placed
from .circle_model import Decision, Opening, decide
from .circle_opening import quick_opening
from .circle_problem import CircleProblem
from .circle_relaxation import AT_ONCE, best_fits, is_large
from .circle_solution import Circle, CircleDuals, CircleSolution, chosen_pathway
from .circle_table import Option, Table, table_of
from .solution import Objective, Pathway, Progress, Report, check_choices, chosen_objective

ALL_PAIRS = 200_000
"""Up to so many pairs and seats the circles are decided over all of them, beyond that over the best fits."""
SHARE = 0.5
"""Of the time that is left, what deciding over the best fits may take; the rest is for the proof."""


class OutOfTime(RuntimeError):
    """The time limit passed before any result that keeps the locked places was found."""


@dataclass(frozen=True, eq=False)
class _Choice:
    """The best filling found for a table, and bounds on its count and on its worth at that count."""

    table: Table
    filling: Filling
    most_placed: int
    bound: int
    floor: int | None = None
    is_fairest: bool = True


class _Clock:
    """Keeps the time limit, counts rounds, and tells whoever wants to know."""

    def __init__(self, limit: float, report: Report | None) -> None:
        self.started = perf_counter()
        self.rounds = 0
        self.look = 0.0
        self._limit = limit
        self._report = report

    @property
    def seconds(self) -> float:
        return perf_counter() - self.started

    @property
    def left(self) -> float:
        return max(self._limit - self.seconds, 0.0)

    @property
    def is_short(self) -> bool:
        """Whether less time is left than one more quick look takes, with its proof."""
        return self.left <= 2 * self.look

    def tell(self, step: str, filling: Filling) -> Filling:
        self.rounds += 1
        if self._report is not None:
            self._report(Progress(step, self.rounds, filling.placed, self.seconds))
        return filling


def solve_circles(
    problem: CircleProblem,
    *,
    pathway: str | None = None,
    objective: str = Objective.TOTAL,
    compare: bool = False,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Report | None = None,
    certify: bool = True,
) -> CircleSolution:
    """The choice of pairs and circles that places most people, and among those the best by the objective.

    Everybody is placed once at most, over both pathways. A circle that can't reach its smallest size isn't
    opened. With `pathway` ("one_to_one" or "circle") nobody is newly placed in the other; what is locked
    stays. Objectives, `compare`, `seed` and `progress` are as in `solve`. After `time_limit` seconds the
    best choice so far is given with its bounds. Raises InvalidProblem where the locked places contradict
    sizes, seats or rules, and OutOfTime where the limit passed before they could be kept. Without `certify`
    the prices and the proof that whole numbers make of them are left out, which is quicker.
    """
    goal, only = chosen_objective(objective), chosen_pathway(pathway)
    check_choices(seed, 0.0)
    if not time_limit >= 0:
        raise InvalidProblem("The time limit must be a number of seconds, not below zero.")
    clock = _Clock(time_limit, progress)
    table = table_of(problem, seed, only)
    total = _best(table, clock)
    if total is None:
        raise InvalidProblem(
            "The locked places can't all be kept: a circle would stay below its smallest size, "
            "go above its largest, or lack a facilitator."
        )
    choices = {Objective.TOTAL: total}
    if compare or goal is Objective.FAIREST:
        choices[Objective.FAIREST] = _fairest(total, clock)
    found = {
        each: _solution(choice, each, only, clock)
        for each, choice in choices.items()
        if compare or each is goal
    }
    if certify:
        found = {each: _certified(table, choices[each], solution, clock) for each, solution in found.items()}
    return replace(found[goal], comparison=found.get(goal.other))


def _best(table: Table, clock: _Clock) -> _Choice | None:
    """Most people placed, then the largest total; None where no choice keeps the locked places.

    In the first look, placing somebody counts more than twice the difference of any two fits. That alone
    doesn't prove that most are placed, so the number is compared with what circles of any size would
    allow, and decided by itself only where the two differ.
    """
    if not table.worth[table.required].any(axis=1).all():
        return None
    if not table.has_decisions:
        filling = clock.tell("fill", fill(table, _as_they_run(table)))
        return _Choice(table, filling, filling.placed, filling.bound)
    if not is_large(table, AT_ONCE):
        return _searched(table, None, clock)
    known, bound = _quick(table, clock), largest_worth(table)
    if known is not None and known.worth == bound:
        return _Choice(table, known, known.placed, bound)
    if is_large(table, ALL_PAIRS):
        return _among_the_best_fits(table, known, bound, clock)
    return _searched(table, known, clock)


def _searched(table: Table, known: Filling | None, clock: _Clock) -> _Choice | None:
    """The best choice over all pairs and seats, or what was found of it in time."""
    weight = _weight(table)
    first = decide(table, weight, clock.left)
    if not first.is_possible:
        return None
    filling = _better(table, known, first, "open", clock)
    if filling is None or (known is None and not clock.left):
        filling = _first_of(filling, _quick(table, clock))
    most = most_placed(table)
    if filling.placed < most:
        counted = decide(table, None, clock.left)
        most = min(most, _whole(counted.bound))
        filling = _first_of(_better(table, filling, counted, "most placed", clock))
    decisions = [first]
    if filling.worth < _worth_bound(table, first, weight, filling.placed):
        decisions.append(decide(table, weight, clock.left, at_least=filling.placed))
        filling = _first_of(_better(table, filling, decisions[-1], "open", clock))
    bounds = [_worth_bound(table, decision, weight, filling.placed) for decision in decisions]
    return _Choice(table, filling, most, min(bounds))


def _among_the_best_fits(table: Table, known: Filling | None, bound: int, clock: _Clock) -> _Choice:
    """Circles decided on everybody's best fits alone, and filled from all; the bounds are those of circles of any
    size, so that a gap stays stated unless the prices close it."""
    decision = decide(best_fits(table), _weight(table), clock.left * SHARE)
    filling = _first_of(_better(table, known, decision, "open", clock))
    best = np.sort(table.worth.max(axis=1, initial=0))[len(table.people) - filling.placed :]
    return _Choice(table, filling, most_placed(table), min(bound, int(best.sum())))


def _quick(table: Table, clock: _Clock) -> Filling | None:
    began = clock.seconds
    opening = quick_opening(table, lambda: not clock.left)
    found = None if opening is None else clock.tell("quick", fill(table, opening))
    clock.look = clock.seconds - began
    return found


def _first_of(*found: Filling | None) -> Filling:
    """The best of what was found. Raises OutOfTime if nothing was."""
    fillings = [filling for filling in found if filling is not None]
    if not fillings:
        raise OutOfTime("The time limit passed before the locked members could be given their circles.")
    return max(fillings, key=_rank)


def _better(
    table: Table, filling: Filling | None, decision: Decision, step: str, clock: _Clock
) -> Filling | None:
    """The filling so far or that of a decision: whichever places more, then has the larger total."""
    if decision.opening is None:
        return filling
    found = clock.tell(step, fill(table, decision.opening))
    return found if filling is None else max(filling, found, key=_rank)


def _worth_bound(table: Table, decision: Decision, weight: int, placed: int) -> int:
    """What no choice that places as many can be worth, from a decision in which a placing counts `weight`."""
    return min(_whole(decision.bound) + (table.bonus - weight) * placed, placed * table.largest_worth)


def _as_they_run(table: Table) -> Opening:
    running = np.array([option.least_open for option in table.options], dtype=np.int64)
    return Opening(running, np.full(len(running), -1, dtype=np.int64))


def _weight(table: Table) -> int:
    """What placing somebody counts beside a fit in the first look, so that every placing counts for more
    than twice the difference of any two fits."""
    worth = table.worth
    fits = worth[worth > 0] - table.bonus
    return int(2 * (fits.max() - fits.min()) - fits.min() + 1) if len(fits) else 1


def _whole(bound: float) -> int:
    """The whole number that a bound in floating point stands for, read generously."""
    return floor(bound + max(1e-6, 1e-9 * abs(bound)))


def _rank(filling: Filling) -> tuple[int, int]:
    return filling.placed, filling.worth


def _fairest(total: _Choice, clock: _Clock) -> _Choice:
    """The largest total above the highest floor at which as many people can still be placed; as far as that's
    known, where the time is too short to look for it."""
    reached = _smallest_worth(total)
    if reached is None:
        return total
    best, proved = total, True
    beyond = total.table.largest_worth + 1
    with suppress(OutOfTime):
        while beyond - reached > 1:
            middle = (reached + beyond) // 2
            raised = total.table.above(middle - total.table.bonus)
            choice = _look(raised, clock) if most_placed(raised) >= total.filling.placed else None
            smallest = None if choice is None else _smallest_worth(choice)
            if choice is not None and smallest is not None and choice.filling.placed == total.filling.placed:
                best, reached = choice, smallest
            else:
                beyond = middle
                proved &= choice is None or choice.most_placed < total.filling.placed
        final = _look(total.table.above(reached - total.table.bonus), clock) or best
        best = max(final, best, key=lambda each: _rank(each.filling))
    return replace(
        best,
        most_placed=total.most_placed,
        floor=reached - total.table.bonus,
        is_fairest=proved and beyond - reached == 1,
    )


def _look(table: Table, clock: _Clock) -> _Choice | None:
    """As `_best`, but never begun where the time is too short for a quick look."""
    if clock.is_short:
        raise OutOfTime("The time limit passed before the fairest choice was found.")
    return _best(table, clock)


def _smallest_worth(choice: _Choice) -> int | None:
    """The least worth among the people without a locked membership; None if none of them is placed."""
    rows = np.flatnonzero((choice.filling.column_of >= 0) & ~choice.table.required)
    worth = choice.table.worth[rows, choice.filling.column_of[rows]]
    return int(worth.min()) if len(rows) else None


def _solution(
    choice: _Choice, objective: Objective, pathway: Pathway | None, clock: _Clock
) -> CircleSolution:
    table, filling = choice.table, choice.filling
    pairs, circles = _pairs(table, filling), _circles(table, filling)
    fits, locked = _fits(table.problem, pairs, circles), table.problem.locked
    upper_bound = choice.bound - table.bonus * filling.placed + int(table.problem.fit(locked).sum())
    most, total = choice.most_placed + len(locked), int(fits.sum())
    return CircleSolution(
        objective=objective,
        pathway=pathway,
        seed=table.seed,
        pairs=sealed(pairs),
        circles=circles,
        placed=len(fits),
        total=total,
        smallest=int(fits.min()) if len(fits) else None,
        most_placed=most,
        upper_bound=upper_bound,
        optimal=len(fits) == most and total == upper_bound and choice.is_fairest,
        floor=choice.floor,
        drawn=sealed(np.sort(table.people[filling.drawn])),
        rounds=clock.rounds,
        seconds=clock.seconds,
    )


def _fits(problem: CircleProblem, pairs: Ints, circles: tuple[Circle, ...]) -> Ints:
    members = [(member, circle.facilitators[0]) for circle in circles for member in circle.members]
    joined = np.array(members, dtype=np.int64).reshape(-1, 2)
    return np.concatenate([problem.fit(pairs), problem.circle_fit(joined)])


def _certified(table: Table, choice: _Choice, solution: CircleSolution, clock: _Clock) -> CircleSolution:
    """The solution with the prices that prove it, found in the time that is left, and what they prove; where
    that's more than HiGHS was sure of, it counts."""
    filling, floor = choice.filling, choice.floor
    claimed = table if floor is None else table.above(floor)
    duals = CircleDuals(
        most=prices_of_most(table, filling.placed, clock.left),
        total=prices_of_total(claimed, filling, clock.left),
        above=None
        if floor is None
        else prices_of_most(table.above(floor + 1), filling.placed - 1, clock.left),
    )
    proof = prove_circles(
        table.problem, solution.pairs, solution.circles, duals, pathway=solution.pathway, floor=floor
    )
    return replace(
        solution,
        duals=duals,
        proof=proof,
        most_placed=min(solution.most_placed, proof.most_placed),
        upper_bound=min(solution.upper_bound, proof.upper_bound),
        optimal=solution.optimal or proof.optimal,
    )


def _pairs(table: Table, filling: Filling) -> Ints:
    chosen = (filling.column_of >= 0) & (filling.column_of < len(table.mentors))
    pairs = np.column_stack([table.people[chosen], table.mentors[filling.column_of[chosen]]])
    together = np.concatenate([table.problem.locked, pairs])
    return together[np.argsort(together[:, 0], kind="stable")]


def _circles(table: Table, filling: Filling) -> tuple[Circle, ...]:
    """The circles with their members; an option that runs several times shares its members out evenly."""
    circles = []
    for number, option in enumerate(table.options):
        members = table.people[filling.column_of == len(table.mentors) + number]
        if not len(members):
            continue
        for part in np.array_split(members, filling.opening.circles[number]):
            facilitators = _facilitators(option, int(filling.opening.second[number]))
            circles.append(Circle(facilitators, tuple(sorted(part.tolist())), option.running))
    return tuple(sorted(circles, key=lambda circle: (circle.facilitators, circle.members)))


def _facilitators(option: Option, second: int) -> tuple[int, ...]:
    return option.facilitators if second < 0 else (*option.facilitators, second)
