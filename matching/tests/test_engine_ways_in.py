"""What would place somebody who is left out: every way in is true, and none is missed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from matching.engine import (
    Effect,
    Forbidden,
    HardRule,
    OutOfTime,
    Problem,
    WayIn,
    solve,
    solve_circles,
    ways_in,
    what_if,
    worth_of_newcomer,
)
from matching.engine.what_if import spots

from .engine_brute_force import choices, fits, ranks
from .engine_changes import (
    CIRCLE,
    ONE_TO_ONE,
    either,
    few,
    quick,
    short,
    with_circles,
)
from .engine_circle_choices import two_sided_problems
from .engine_instances import problems


def test_ways_in_that_were_not_worked_out_are_not_told_to_be_none():
    problem = short()

    with pytest.raises(OutOfTime):
        ways_in(problem, solve(problem), 2, time_limit=0)
    with pytest.raises(OutOfTime):
        worth_of_newcomer(problem, solve(problem), [[1, 1]], time_limit=0)


def rules_of(pairs):
    """Pairs with the rule behind each, as `forbidden_pairs` gives them."""
    return Forbidden(np.array(sorted(pairs)), tuple(pairs[pair] for pair in sorted(pairs)))


def test_the_ways_in_are_a_place_more_or_a_rule_less_the_cheapest_first():
    """Rules keep 1 and 2 from 0. With 1 a place is missing; in the second case 0 has a place to spare."""
    forbidden = rules_of({(1, 0): HardRule.ENDED, (2, 0): HardRule.MANAGEMENT_LINE})
    problem = short(wants=[[9, 8], [0, 7], [3, 1]], forbidden=forbidden.pairs)
    wide = replace(problem, capacity=[2, 1])

    tight, roomy = (ways_in(each, solve(each), 2, forbidden) for each in (problem, wide))

    assert tight == (WayIn(1, ONE_TO_ONE, None, Effect(1, 1, (2,), (), ())),)
    assert roomy == (
        WayIn(0, ONE_TO_ONE, HardRule.MANAGEMENT_LINE, Effect(1, 3, (2,), (), ())),
        WayIn(1, ONE_TO_ONE, None, Effect(1, 1, (2,), (), ())),
    )


def test_a_place_with_a_mentor_whom_the_rules_forbid_helps_where_somebody_else_can_move_there():
    problem = short(wants=[[9, 8], [7, 7], [0, 1]], forbidden=[(2, 0)])

    found = ways_in(problem, solve(problem), 2)

    assert [(way.mentor, way.rule, way.effect.placed, len(way.effect.moved)) for way in found] == [
        (1, None, 1, 0),
        (0, None, 1, 1),
    ]


def test_nobody_is_offered_to_themselves_and_whoever_is_placed_needs_no_way_in():
    forbidden = rules_of({(0, 0): HardRule.SAME_PERSON})
    problem = Problem([[1]], [[1]], [1], forbidden.pairs)
    placed = Problem([[1]], [[1]], [1])

    assert ways_in(problem, solve(problem), 0, forbidden) == ()
    assert ways_in(placed, solve(placed), 0) == ()


def test_where_no_single_change_helps_there_is_no_way_in():
    """Two who want a circle of three: a further circle wouldn't reach its size either."""
    problem = either(2, one_to_one=[0, 0])

    assert ways_in(problem, solve_circles(problem), 0) == ()


def test_the_ways_into_circles_are_a_circle_more_or_a_rule_less():
    problem = either(5, one_to_one=[0] * 5, sizes=(1, 4), forbidden=[(0, 0)])
    full = either(5, one_to_one=[0] * 5, sizes=(1, 4))

    barred = ways_in(problem, solve_circles(problem), 0, rules_of({(0, 0): HardRule.ENDED}))
    crowded = ways_in(full, solve_circles(full), 0)

    assert [(way.pathway, way.rule, way.effect.placed) for way in barred] == []
    assert [(way.pathway, way.rule, way.effect.placed) for way in crowded] == [(CIRCLE, None, 1)]


def test_a_rule_of_circles_is_named_from_the_rules_of_circles():
    problem = either(4, one_to_one=[0] * 4, sizes=(1, 4), forbidden_in_circles=[(0, 0)])
    rules = rules_of({(0, 0): HardRule.SAME_DIVISION})

    [way] = ways_in(problem, solve_circles(problem), 0, in_circles=rules)

    assert way == WayIn(0, CIRCLE, HardRule.SAME_DIVISION, Effect(1, 10, (0,), (), ()))


@given(problem=problems(with_locks=False))
@quick
def test_every_way_in_is_true_and_none_is_missed(problem):
    solution = solve(problem)
    left = np.setdiff1d(np.arange(problem.mentees), solution.pairs[:, 0]).tolist()
    for mentee in left:
        found = ways_in(problem, solution, mentee, most=99)

        ways = {(way.mentor, way.rule is None): way for way in found}
        assert all(mentee in way.effect.placed_now for way in found)
        for mentor in range(problem.mentors):
            if (mentor, True) not in ways:
                assert not must_be_placed(problem, mentee, places=mentor)


def must_be_placed(problem, mentee, places):
    """Whether with one more place every best choice has a place for the mentee."""
    more = np.bincount([places], minlength=problem.mentors)
    changed = replace(problem, capacity=problem.capacity + more)
    fit, best = fits(changed), ranks(changed)[0]
    worths = [
        (choice, (sum(1 for place in choice if place), sum(fit[i][p[1]] for i, p in enumerate(choice) if p)))
        for choice in choices(changed)
    ]
    return all(choice[mentee] for choice, worth in worths if worth == best)


@given(problem=two_sided_problems())
@few
def test_every_way_into_pairs_or_circles_is_true(problem):
    solution = with_circles(problem)
    if solution is None:
        return
    for mentee in set(range(problem.mentees)) - set(spots(solution)):
        for way in ways_in(problem, solution, mentee):
            assert mentee in way.effect.placed_now
            if way.rule is not None:
                again = what_if(problem, solution, allowed=[(mentee, way.mentor)])
            else:
                more = {"places" if way.pathway is ONE_TO_ONE else "circles": {way.mentor: 1}}
                again = what_if(problem, solution, **more)
            assert way.effect == again
