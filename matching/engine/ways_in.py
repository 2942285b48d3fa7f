"""What would help: a place more with whom, which new mentor, which single change for one person left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, Ints, InvalidProblem, whole_numbers
from .assignment import least_prices
from .circle_problem import CircleProblem
from .circles import OutOfTime
from .hard_rules import Forbidden, HardRule
from .outlook import outlooks
from .problem import Problem, fit_limits
from .solution import Objective, Pathway, Solution
from .what_if import AnyProblem, AnySolution, Change, Deadline, Effect, effect_of, solve_again, spots

DENSE = 50_000_000
"""Pairs of which a table is held at once."""


class OneMore(NamedTuple):
    """What one more place with a mentor would add: people placed (0 or 1), and the change of the total."""

    placed: int
    total: int


def one_more_place(problem: Problem, solution: Solution) -> tuple[OneMore, ...]:
    """For each mentor, exactly what solving again with one more place there would add, from prices alone.

    The least prices of a best choice are what one more place adds to its worth. They're found anew here with
    so much for each placing that "one more placed" can be read off, whatever the fits. Raises InvalidProblem
    for a result that isn't proved to have the largest total, and for more pairs than fit into a table.
    """
    if solution.objective is not Objective.TOTAL or not solution.optimal:
        raise InvalidProblem("Only a result that is proved to have the largest total says what a place adds.")
    if problem.mentees * problem.mentors > DENSE:
        raise InvalidProblem("There are too many pairs to say for every mentor what a place adds.")
    free = np.setdiff1d(np.arange(problem.mentees), problem.locked[:, 0])
    mentor_of = np.full(problem.mentees, -1, dtype=np.int64)
    mentor_of[solution.pairs[:, 0]] = solution.pairs[:, 1]
    lowest, highest = fit_limits(problem.wants, problem.offers)
    reach = int((mentor_of[free] >= 0).sum()) * (highest - lowest)
    bonus = 2 * reach - min(lowest, 0) + 1
    prices = least_prices(_worth(problem, bonus)[free], mentor_of[free]).tolist()
    return tuple(OneMore(1, price - bonus) if price > reach else OneMore(0, price) for price in prices)


def _worth(problem: Problem, bonus: int) -> Floats:
    worth: Floats = problem.wants.astype(np.float64) @ problem.offers.astype(np.float64).T + bonus
    worth[problem.forbidden[:, 0], problem.forbidden[:, 1]] = 0
    return worth


def worth_of_newcomer(
    problem: AnyProblem,
    solution: AnySolution,
    offers: ArrayLike,
    *,
    places: Sequence[int] = (1, 2),
    circles: int = 0,
    circle_offers: ArrayLike | None = None,
    time_limit: float = 60.0,
) -> tuple[tuple[OneMore, ...], ...]:
    """For each row of `offers`, a mentor who might be won, and each number of `places`: how many more would
    be placed, and how the total would change.

    The rows have the problem's features. A feature that no present mentor offers isn't among them unless
    `build_features` was given the newcomers as mentors too. `circles` are circles that each would facilitate,
    with `circle_offers` where the features of circles differ. No rule forbids anybody to be with them.
    Raises OutOfTime where `time_limit` seconds for all of them together aren't enough.
    """
    rows = whole_numbers(offers, "What the newcomers offer", 2)
    in_circles = rows if circle_offers is None else whole_numbers(circle_offers, "What they offer circles", 2)
    if len(rows) != len(in_circles):
        raise InvalidProblem("What the newcomers offer must be given for each of them in both pathways.")
    found, deadline = [], Deadline(time_limit)
    for row, other in zip(rows, in_circles, strict=True):
        joined = [_with_newcomer(problem, row, count, circles, other) for count in places]
        again = [solve_again(each, solution, time_limit=deadline.left) for each in joined]
        found.append(
            tuple(OneMore(each.placed - solution.placed, each.total - solution.total) for each in again)
        )
    return tuple(found)


def _with_newcomer(problem: AnyProblem, row: Ints, places: int, circles: int, other: Ints) -> AnyProblem:
    unused = np.setdiff1d(np.arange(problem.mentors + 1), problem.mentor_keys)[0]
    changes: dict[str, Any] = {
        "offers": np.vstack([problem.offers, row]),
        "capacity": np.append(problem.capacity, places),
        "mentor_keys": np.append(problem.mentor_keys, unused),
    }
    if isinstance(problem, CircleProblem):
        changes["circles"] = np.append(problem.circles, circles)
        changes["circle_offers"] = np.vstack([problem.circle_offers, other])
        return replace(problem, **changes)
    return replace(problem, **changes)


@dataclass(frozen=True)
class WayIn:
    """A single change that would place somebody: a place more with the mentor in that pathway (a circle
    more, for circles), or the rule that keeps the two apart set aside for this pair."""

    mentor: int
    pathway: Pathway
    rule: HardRule | None
    effect: Effect


def ways_in(
    problem: AnyProblem,
    solution: AnySolution,
    mentee: int,
    forbidden: Forbidden | None = None,
    *,
    in_circles: Forbidden | None = None,
    most: int = 3,
    tries: int = 40,
    time_limit: float = 60.0,
) -> tuple[WayIn, ...]:
    """The cheapest single changes that would place a mentee who was left out; none if no single one does.

    Cheapest: more people are placed in all, fewer lose their place, fewer move, the total is larger; then
    places before rules, by the mentor's key. `forbidden` (and `in_circles` where circles have rules of their
    own) name the rules; nobody is ever offered to themselves. `tries` changes of each kind are tried by
    solving again, those with the best fit for the mentee first, so more may exist in a large problem; so they
    may where `time_limit` seconds for all of them together weren't enough. Where none was found for that reason
    alone, raises OutOfTime.
    """
    if mentee in spots(solution):
        return ()
    rules = {} if in_circles is None else in_circles.rule_of()
    rules |= {} if forbidden is None else forbidden.rule_of()
    found, cut_short, deadline = [], None, Deadline(time_limit)
    for mentor, pathway, rule, change in _changes(problem, solution, mentee, rules, tries):
        try:
            after = solve_again(change.to(problem), solution, time_limit=deadline.left)
        except OutOfTime as out_of_time:
            cut_short = out_of_time
            continue
        spot = spots(after).get(mentee)
        if spot is not None:
            where = pathway if rule is None else spot.pathway
            found.append(WayIn(mentor, where, rule, effect_of(problem, solution, after)))
    if cut_short is not None and not found:
        raise cut_short
    return tuple(sorted(found, key=lambda way: _cost(problem, way))[:most])


def _cost(problem: AnyProblem, way: WayIn) -> tuple[int, ...]:
    effect, key = way.effect, int(problem.mentor_keys[way.mentor])
    disturbed = len(effect.left_now), len(effect.moved)
    return (
        -effect.placed,
        *disturbed,
        -effect.total,
        way.rule is not None,
        key,
        way.pathway is Pathway.CIRCLE,
    )


_Candidate = tuple[int, Pathway, HardRule | None, Change]


def _changes(
    problem: AnyProblem,
    solution: AnySolution,
    mentee: int,
    rules: Mapping[tuple[int, int], HardRule],
    tries: int,
) -> Iterator[_Candidate]:
    """What to try, per pathway the best fits first."""
    views, useful = outlooks(problem, solution, mentee), _useful(problem, solution)
    kept_apart: dict[int, Pathway] = {}
    for view in views:
        can = useful if view.pathway is Pathway.ONE_TO_ONE else view.offers
        near = sorted((j for j in view.order if can[j]), key=lambda j: bool(view.barred[j]))
        for mentor in near[:tries]:
            more = {mentor: 1}
            yield mentor, view.pathway, None, Change(*((more, {}) if can is useful else ({}, more)))
        for mentor in view.order:
            if view.barred[mentor] and view.offers[mentor]:
                kept_apart.setdefault(mentor, view.pathway)
    for mentor, pathway in list(kept_apart.items())[:tries]:
        rule = rules.get((mentee, mentor), HardRule.OTHER)
        if rule is not HardRule.SAME_PERSON:
            yield mentor, pathway, rule, Change({}, {}, allowed=[(mentee, mentor)])


def _useful(problem: AnyProblem, solution: AnySolution) -> Sequence[bool]:
    """Per mentor whether a place more there could change anything, as far as that's known beforehand."""
    if not isinstance(problem, Problem) or not isinstance(solution, Solution):
        return [True] * problem.mentors
    proved = solution.optimal and solution.objective is Objective.TOTAL
    if not proved or problem.mentees * problem.mentors > DENSE:
        return [True] * problem.mentors
    return [more != OneMore(0, 0) for more in one_more_place(problem, solution)]
