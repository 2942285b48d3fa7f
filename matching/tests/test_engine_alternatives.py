"""Whom somebody could have instead, with what that does to everybody."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from matching.engine import (
    Alternative,
    Effect,
    Move,
    Problem,
    RunningCircle,
    Spot,
    alternatives,
    one_more_place,
    solve,
    solve_circles,
    ways_in,
)
from matching.engine.what_if import spots

from .engine_brute_force import choices, fits, ranks
from .engine_changes import (
    CIRCLE,
    NAMES,
    ONE_TO_ONE,
    either,
    few,
    quick,
    short,
    with_circles,
)
from .engine_circle_choices import choices as every_choice
from .engine_circle_choices import fits_of, two_sided_problems
from .engine_instances import problems, town


def test_alternatives_that_were_not_worked_out_come_without_their_effect():
    problem = short()
    told = alternatives(problem, solve(problem), 0)

    untold = alternatives(problem, solve(problem), 0, time_limit=0)

    assert untold == tuple(replace(each, effect=None) for each in told)


def test_alternatives_come_by_fit_with_what_they_do_to_everybody():
    problem = Problem([[9, 8, 1], [7, 7, 0], [0, 1, 5]], np.eye(3), [1, 1, 2])
    solution = solve(problem)
    assert solution.pairs.tolist() == [[0, 0], [1, 1], [2, 2]]

    found = alternatives(problem, solution, 0)

    swap = (
        Move(0, Spot(ONE_TO_ONE, 0), Spot(ONE_TO_ONE, 1)),
        Move(1, Spot(ONE_TO_ONE, 1), Spot(ONE_TO_ONE, 0)),
    )
    go = (Move(0, Spot(ONE_TO_ONE, 0), Spot(ONE_TO_ONE, 2)),)
    assert found[0] == Alternative(1, ONE_TO_ONE, 8, False, (1,), Effect(0, -1, (), (), swap))
    assert (found[1].mentor, found[1].is_free, found[1].takes_from) == (2, True, ())
    assert (found[1].effect.total, found[1].effect.moved[0]) == (-8, go[0])
    assert alternatives(problem, solution, 0, most=1) == found[:1]
    assert alternatives(problem, solution, 0, solve_up_to=8)[0] == replace(found[0], effect=None)


def test_forbidden_full_and_placeless_mentors_are_no_alternative():
    problem = Problem([[1] * 5] * 3, np.eye(5), [1, 1, 1, 0, 1], [(0, 1)], [(1, 2)])
    solution = solve(problem)

    found = alternatives(problem, solution, 0)

    now = dict(solution.pairs.tolist())[0]
    assert {each.mentor for each in found} == {0, 4} - {now}


def test_an_alternative_to_a_locked_pair_lifts_the_lock():
    problem = short(locked=[(0, 1)])

    [other] = alternatives(problem, solve(problem), 0)

    assert (other.mentor, other.effect.total) == (0, 9 + 7 - 8)


def test_whoever_is_left_out_sees_whose_place_it_would_be():
    problem = short(wants=[[9, 8], [0, 7], [2, 1]], forbidden=[(0, 1), (1, 0)])

    found = alternatives(problem, solve(problem), 2)

    assert [(each.mentor, each.fit, each.takes_from, each.effect) for each in found] == [
        (0, 2, (0,), Effect(0, 2 - 9, (2,), (0,), ())),
        (1, 1, (1,), Effect(0, 1 - 7, (2,), (1,), ())),
    ]


def test_alternatives_cover_both_pathways_and_leave_out_circles_that_would_stay_too_small():
    problem = either(4, circle_wants=[[5]] * 4)
    solution = solve_circles(problem)
    small = either(2)
    paired = solve_circles(small)

    found = alternatives(problem, solution, 3)

    assert [(each.pathway, each.fit, each.is_free) for each in found] == [(ONE_TO_ONE, 40, True)]
    assert found[0].effect.moved == (Move(3, Spot(CIRCLE, 0), Spot(ONE_TO_ONE, 0)),)
    assert [each.pathway for each in alternatives(small, paired, 1)] == []


@pytest.mark.parametrize(("members", "is_free"), [(2, True), (3, False)])
def test_a_seat_in_a_circle_that_meets_already_is_free_until_it_is_full(members, is_free):
    running = [RunningCircle((0,), members)]
    busy = either(2, running=running, circles=[0], one_to_one=[1, 0], circle_wants=[[0], [1]])
    solution = solve_circles(busy)
    assert solution.pairs.tolist() == [[0, 0]]

    [other] = alternatives(busy, solution, 0)

    assert (other.pathway, other.is_free, other.takes_from) == (CIRCLE, is_free, () if is_free else (1,))


@given(problem=problems())
@quick
def test_the_effect_of_every_alternative_is_that_of_the_best_choice_with_it(problem):
    if not problem.mentees:
        return
    solution, fit = solve(problem), fits(problem)
    was = ranks(problem)[0]
    found = alternatives(problem, solution, 0)

    bare = replace(problem, locked=[pair for pair in problem.locked.tolist() if pair[0] != 0])
    for each in found:
        with_it = [
            (sum(1 for place in choice if place), sum(fit[i][p[1]] for i, p in enumerate(choice) if p))
            for choice in choices(bare)
            if choice[0] == ("pair", each.mentor)
        ]
        now = max(with_it)
        assert each.fit == fit[0][each.mentor]
        assert (each.effect.placed, each.effect.total) == (now[0] - was[0], now[1] - was[1])
    assert [each.fit for each in found] == sorted((each.fit for each in found), reverse=True)


@given(problem=two_sided_problems())
@few
def test_all_places_in_either_pathway_that_could_be_set_are_alternatives_with_their_effect(problem):
    solution = with_circles(problem)
    if solution is None or not problem.mentees:
        return
    free = replace(
        problem,
        locked=[pair for pair in problem.locked.tolist() if pair[0]],
        locked_members=[pair for pair in problem.locked_members.tolist() if pair[0]],
    )
    best = {}
    for choice in every_choice(free):
        fits = fits_of(free, choice)
        worth = len(fits), sum(fits.values())
        best[choice[0]] = max(best.get(choice[0], worth), worth)

    found = alternatives(problem, solution, 0)

    said = {(NAMES[each.pathway], each.mentor): each.effect for each in found}
    now = spots(solution).get(0)
    present = None if now is None else (NAMES[now.pathway], now.mentor)
    assert set(said) == set(best) - {None, present}
    for place, effect in said.items():
        assert (solution.placed + effect.placed, solution.total + effect.total) == best[place]


def test_the_order_of_people_has_no_influence_on_what_is_offered():
    arguments = town(mentees=40, seed=3, most_places=1)
    problem = Problem(**arguments)
    rng = np.random.default_rng(3)
    ours, theirs = rng.permutation(problem.mentees), rng.permutation(problem.mentors)
    forbidden = np.column_stack(
        [np.argsort(ours)[problem.forbidden[:, 0]], np.argsort(theirs)[problem.forbidden[:, 1]]]
    )
    tables = problem.wants[ours], problem.offers[theirs], problem.capacity[theirs], forbidden
    moved = Problem(*tables, mentee_keys=ours, mentor_keys=theirs)
    first, second = solve(problem, seed=5), solve(moved, seed=5)
    left = int(np.setdiff1d(np.arange(40), first.pairs[:, 0])[0])
    there = int(np.flatnonzero(ours == left)[0])

    ways, ways_there = ways_in(problem, first, left), ways_in(moved, second, there)
    others, others_there = alternatives(problem, first, left), alternatives(moved, second, there)

    assert [way.mentor for way in ways] == [theirs[way.mentor] for way in ways_there]
    assert [way.effect.placed_now for way in ways] == [
        tuple(ours[list(w.effect.placed_now)]) for w in ways_there
    ]
    assert [(a.mentor, a.takes_from) for a in others] == [
        (theirs[a.mentor], tuple(ours[list(a.takes_from)])) for a in others_there
    ]
    assert [a.effect.total for a in others] == [a.effect.total for a in others_there]
    more = one_more_place(moved, second)
    assert one_more_place(problem, first) == tuple(more[j] for j in np.argsort(theirs))
