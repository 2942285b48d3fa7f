"""What a change would bring about is what solving again says, and the shortcuts say the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import (
    Effect,
    InvalidProblem,
    Move,
    OneMore,
    OutOfTime,
    Person,
    Problem,
    Spot,
    build_features,
    one_more_place,
    solve,
    solve_circles,
    what_if,
    worth_of_newcomer,
)

from .engine_brute_force import ranks
from .engine_changes import (
    CIRCLE,
    NOTHING,
    ONE_TO_ONE,
    either,
    few,
    hard_to_prove,
    quick,
    short,
    with_circles,
)
from .engine_circle_choices import best_of, two_sided_problems
from .engine_instances import problems, town


def test_one_more_place_places_one_more():
    problem = short()

    effect = what_if(problem, solve(problem), places={1: 1})

    assert effect == Effect(1, 1, (2,), (), ())


def test_a_place_less_leaves_somebody_out_and_moves_others():
    problem = short(wants=[[9, 8], [3, 4], [0, 1]])

    effect = what_if(problem, solve(problem), places={1: -1})

    assert effect == Effect(-1, -4, (), (1,), ())


@pytest.mark.parametrize("objective", ["total", "fairest"])
def test_of_a_choice_that_is_not_proved_best_nothing_is_foretold(objective):
    problem = either()
    cut_short = replace(solve_circles(problem, objective=objective), optimal=False)

    with pytest.raises(OutOfTime, match="isn't known"):
        what_if(problem, cut_short, places={0: 1})


def test_a_choice_that_was_cut_short_is_not_compared():
    problem = hard_to_prove()
    before = replace(solve_circles(problem, time_limit=0), optimal=True)

    with pytest.raises(OutOfTime, match="isn't known"):
        what_if(problem, before, circles={0: 1}, time_limit=1e-9)


def test_who_moves_is_named_with_both_places():
    problem = short(wants=[[9, 8], [9, 0], [0, 7]], forbidden=[(1, 1)], capacity=[2, 1])

    effect = what_if(problem, solve(problem), places={0: -1})

    moved = (Move(0, Spot(ONE_TO_ONE, 0), Spot(ONE_TO_ONE, 1)),)
    assert effect == Effect(-1, -8, (), (2,), moved)


def test_an_allowed_pair_can_place_somebody():
    problem = short(capacity=[1, 2], forbidden=[(2, 0), (2, 1)])

    assert what_if(problem, solve(problem), allowed=[(2, 1)]) == Effect(1, 1, (2,), (), ())


def test_without_a_change_nothing_changes():
    problem = Problem(**town(mentees=30))
    circles = either()

    assert what_if(problem, solve(problem, seed=4)) == NOTHING
    assert what_if(problem, solve(problem, objective="fairest")) == NOTHING
    assert what_if(circles, solve_circles(circles, pathway="circle")) == NOTHING


def test_a_lock_before_is_lifted_where_another_is_set():
    problem = short(locked=[(0, 1)])

    effect = what_if(problem, solve(problem), locked=[(0, 0)])

    assert (effect.placed, effect.total) == (0, 9 + 7 - (8 + 0))


def test_circles_and_places_can_be_added_to_a_problem_with_circles():
    problem = either(8)
    solution = solve_circles(problem)

    assert what_if(problem, solution, circles={0: 1}).placed == 3
    assert what_if(problem, solution, places={0: 2}).placed == 2
    assert what_if(problem, solution, allowed=[(0, 0)]) == NOTHING


def test_a_member_can_be_set():
    problem = either(5, wants=[[1]] * 5, circle_wants=[[2], [2], [2], [2], [1]])
    solution = solve_circles(problem)

    effect = what_if(problem, solution, locked_members=[(4, 0)])

    before, after = Spot(ONE_TO_ONE, 0), Spot(CIRCLE, 0)
    assert (effect.placed, effect.total) == (0, -10)
    assert effect.moved[-1] == Move(4, before, after)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"places": {5: 1}}, "A place is added for somebody who isn't in the problem."),
        ({"places": {0: -2}}, "The mentors' places can't be negative."),
        ({"allowed": [(7, 0)]}, "The allowed pairs name somebody who isn't in the problem."),
        ({"circles": {0: 1}}, "There are no circles in a one-to-one problem."),
        ({"locked": [(0, 0), (1, 0)]}, "A mentor is locked to more mentees than there are places."),
    ],
)
def test_a_change_that_contradicts_the_problem_is_refused(change, sentence):
    problem = short()

    with pytest.raises(InvalidProblem) as refusal:
        what_if(problem, solve(problem), **change)

    assert str(refusal.value) == sentence


@given(problem=problems(), data=st.data())
@quick
def test_the_effect_is_the_difference_between_the_best_that_exist(problem, data):
    if not problem.mentors:
        return
    mentor = data.draw(st.integers(0, problem.mentors - 1))
    more = np.bincount([mentor], minlength=problem.mentors)
    changed = replace(problem, capacity=problem.capacity + more)
    was, now = ranks(problem)[0], ranks(changed)[0]

    effect = what_if(problem, solve(problem), places={mentor: 1})

    assert (effect.placed, effect.total) == (now[0] - was[0], now[1] - was[1])
    assert len(effect.placed_now) - len(effect.left_now) == effect.placed


@given(problem=problems())
@quick
def test_prices_say_for_every_mentor_what_solving_again_says(problem):
    solution = solve(problem)
    was = ranks(problem)[0]

    found = one_more_place(problem, solution)

    for mentor, more in enumerate(found):
        changed = replace(
            problem, capacity=problem.capacity + np.bincount([mentor], minlength=problem.mentors)
        )
        now = ranks(changed)[0]
        assert more == OneMore(now[0] - was[0], now[1] - was[1])


def test_prices_say_what_solving_again_says_in_a_town():
    problem = Problem(**town(mentees=60, seed=4, most_places=2))
    solution = solve(problem)

    found = one_more_place(problem, solution)

    effects = [what_if(problem, solution, places={mentor: 1}) for mentor in range(problem.mentors)]
    assert found == tuple(OneMore(effect.placed, effect.total) for effect in effects)


def test_one_more_is_placed_even_where_everybody_else_gets_the_worst_fit_for_it():
    """All seats are full with the best fits; a further place helps only along a chain that ruins them all."""
    wants = [[0, 100, 0], [0, 0, 100], [0, 0, 0]]
    problem = Problem(wants, np.eye(3), [0, 1, 1], [(1, 0), (2, 0), (2, 1), (0, 2)])
    solution = solve(problem)

    assert one_more_place(problem, solution)[0] == OneMore(1, -200)


def test_only_a_largest_total_that_is_proved_says_what_a_place_adds():
    problem = short()

    with pytest.raises(InvalidProblem, match="Only a result that is proved"):
        one_more_place(problem, solve(problem, objective="fairest"))


def test_a_newcomer_is_worth_what_solving_with_them_says():
    mentees = [Person(str(i), sectors=("Law",)) for i in range(3)] + [Person("x", sectors=("EU",))]
    mentors = [Person("m", sectors=("EU",)), Person("n", sectors=("Law",))]
    features = build_features(mentees, mentors, {"sectors": 1})
    problem = Problem(features.wants, features.offers[:1], [1])
    solution = solve(problem)

    [worth] = worth_of_newcomer(problem, solution, features.offers[1:], places=(1, 2, 5))

    assert worth == (OneMore(1, 10_000), OneMore(2, 20_000), OneMore(3, 30_000))


def test_a_newcomer_can_lead_a_circle():
    problem = either(8)
    solution = solve_circles(problem)

    found = worth_of_newcomer(problem, solution, [[10], [0]], places=(0, 1), circles=1)

    assert [[more.placed for more in row] for row in found] == [[3, 3], [3, 3]]
    with pytest.raises(InvalidProblem, match="must be given for each of them in both pathways"):
        worth_of_newcomer(problem, solution, [[10]], circle_offers=[[1], [2]])


@given(problem=two_sided_problems(), data=st.data())
@few
def test_the_effect_of_a_place_or_a_circle_more_is_the_difference_between_the_best_with_circles(
    problem, data
):
    solution = with_circles(problem)
    if solution is None or not problem.mentors:
        return
    mentor, kind = (
        data.draw(st.integers(0, problem.mentors - 1)),
        data.draw(st.sampled_from(["places", "circles"])),
    )
    more = np.bincount([mentor], minlength=problem.mentors)
    field = {"places": "capacity", "circles": "circles"}[kind]
    now = best_of(replace(problem, **{field: getattr(problem, field) + more}))[0]

    effect = what_if(problem, solution, **{kind: {mentor: 1}})

    assert (effect.placed, effect.total) == (now[0] - solution.placed, now[1] - solution.total)
