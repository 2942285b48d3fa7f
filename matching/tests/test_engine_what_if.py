"""What a change would bring about is what solving again says, and the shortcuts say the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    Alternative,
    CircleProblem,
    Effect,
    Forbidden,
    HardRule,
    InvalidProblem,
    Move,
    OneMore,
    OutOfTime,
    Pathway,
    Person,
    Problem,
    RunningCircle,
    Spot,
    WayIn,
    alternatives,
    build_features,
    one_more_place,
    solve,
    solve_circles,
    ways_in,
    what_if,
    worth_of_newcomer,
)
from matching.engine.what_if import spots

from .engine_brute_force import choices, fits, ranks
from .engine_circle_choices import best_of, fits_of, two_sided_problems
from .engine_circle_choices import choices as every_choice
from .engine_instances import problems, town

ONE_TO_ONE, CIRCLE = Pathway.ONE_TO_ONE, Pathway.CIRCLE
NOTHING = Effect(0, 0, (), (), ())
NAMES = {ONE_TO_ONE: "pair", CIRCLE: "circle"}
quick = settings(max_examples=50, deadline=None)
few = settings(max_examples=25, deadline=None)


def short(**changes):
    """Three mentees and two mentors with one place each: 2 is left out, 0 fits with both."""
    arguments = {
        "wants": [[9, 8], [0, 7], [0, 1]],
        "offers": [[1, 0], [0, 1]],
        "capacity": [1, 1],
    }
    return Problem(**arguments | changes)


def either(mentees=5, **changes):
    """Mentees who would take either; one mentor with a place, who can also open a circle of 3 or 4."""
    arguments = {
        "wants": np.arange(1, mentees + 1)[:, None],
        "offers": [[10]],
        "capacity": [1],
        "circles": [1],
        "one_to_one": [1] * mentees,
        "in_circle": [1] * mentees,
        "sizes": (3, 4),
    }
    return CircleProblem(**arguments | changes)


def hard_to_prove():
    """Twelve people for four circles of five or six: which two of them run takes a search."""
    fits = np.random.default_rng(2).integers(1, 90, (12, 4))
    return CircleProblem(fits, np.eye(4), [0] * 4, [1] * 4, [0] * 12, [1] * 12, sizes=(5, 6))


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


def test_ways_in_that_were_not_worked_out_are_not_told_to_be_none():
    problem = short()

    with pytest.raises(OutOfTime):
        ways_in(problem, solve(problem), 2, time_limit=0)
    with pytest.raises(OutOfTime):
        worth_of_newcomer(problem, solve(problem), [[1, 1]], time_limit=0)


def test_alternatives_that_were_not_worked_out_come_without_their_effect():
    problem = short()
    told = alternatives(problem, solve(problem), 0)

    untold = alternatives(problem, solve(problem), 0, time_limit=0)

    assert untold == tuple(replace(each, effect=None) for each in told)


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


def with_circles(problem):
    """The result, or None where the locked places can't be kept."""
    return None if best_of(problem) is None else solve_circles(problem)


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
