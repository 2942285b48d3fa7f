"""What the words are made of: the parts of a fit, and what left somebody out."""

import numpy as np
import pytest
from hypothesis import given, settings

from matching.engine import (
    CircleProblem,
    Ground,
    HardRule,
    LeftOut,
    Missed,
    Part,
    PartOfFit,
    Pathway,
    Person,
    Problem,
    Reason,
    RunningCircle,
    World,
    build_features,
    explain_pair,
    forbidden_pairs,
    left_out,
    left_out_of_circles,
    solve,
    solve_circles,
)

from .engine_brute_force import choices, fits
from .engine_instances import problems

ONE_TO_ONE, CIRCLE = Pathway.ONE_TO_ONE, Pathway.CIRCLE
WEIGHTS = {"sectors": 3, "course": 1, "place": 1}


@pytest.mark.clause("EI-M")
def test_the_parts_of_a_fit_name_what_both_share_and_add_up():
    world = World(regions={"France": "West", "Belgium": "West"})
    mentee = Person("a", sectors=("Law", "EU", "NGO"), courses=("MSc X (Paris)",), places=("France",))
    mentor = Person("b", sectors=("EU", "Law", "Banks"), courses=("MSc X",), places=("Belgium",))
    features = build_features([mentee], [mentor], WEIGHTS, world)

    parts = explain_pair(features, 0, 0)

    assert parts == (
        PartOfFit(Part.SECTORS, 4000, 6000, Ground.SHARED, ("EU", "Law")),
        PartOfFit(Part.COURSE, 1000, 2000, Ground.RELATED, ("MSc X",)),
        PartOfFit(Part.PLACE, 1000, 2000, Ground.RELATED, ("West",)),
    )
    assert sum(part.points for part in parts) == int(features.wants[0] @ features.offers[0])


@pytest.mark.parametrize(
    ("mentee", "mentor", "ground", "share"),
    [
        ({"places": ("France",)}, {"places": ("France",)}, Ground.SAME, 10_000),
        ({"places": ("France",)}, {"places": ("Peru",)}, Ground.NONE, 0),
        ({"places": ("Anywhere",)}, {"places": ("Peru",)}, Ground.ANYWHERE, 5000),
        ({}, {"places": ("Peru",)}, Ground.MENTEE_BLANK, 5000),
        ({"places": ("France",)}, {}, Ground.MENTOR_BLANK, 5000),
        ({"band": 4}, {"band": 6}, Ground.FAR_ABOVE, 10_000),
        ({"band": 4}, {"band": 5}, Ground.ABOVE, 5000),
        ({"band": 4}, {"band": 4}, Ground.NONE, 0),
        ({"division": "Library"}, {"division": "Finance"}, Ground.DIFFERENT, 10_000),
        ({"division": "Library"}, {"division": "Library"}, Ground.NONE, 0),
    ],
)
def test_every_part_says_on_what_ground_it_gives_its_points(mentee, mentor, ground, share):
    part = {"places": "place", "band": "level", "division": "division"}[next(iter(mentee | mentor))]
    features = build_features([Person("a", **mentee)], [Person("b", **mentor)], {part: 1})

    [explained] = explain_pair(features, 0, 0)

    assert (explained.ground, explained.points, explained.out_of) == (ground, share, 10_000)


def reasons(problem, **choices):
    return {
        left.mentee: [missed.reason for missed in left.missed]
        for left in left_out(problem, solve(problem, **choices))
    }


def test_where_nobody_has_a_place_that_is_the_reason():
    assert reasons(Problem([[1]], [[1]], [0])) == {0: [Reason.NO_PLACES]}
    assert reasons(Problem([[1]], [], [])) == {0: [Reason.NO_PLACES]}


def test_whoever_is_forbidden_everywhere_is_told_by_which_rules():
    mentees = [Person("a", managers=("m",)), Person("b")]
    mentors = [Person("m"), Person("c", managers=("m",)), Person("full", sectors=("EU",))]
    forbidden = forbidden_pairs(mentees, mentors)
    problem = Problem([[1], [1]], [[1], [1], [1]], [1, 1, 0], forbidden.pairs)

    found = left_out(problem, solve(problem), forbidden)

    rules = (HardRule.MANAGEMENT_LINE, HardRule.SAME_MANAGER)
    assert found == (LeftOut(0, (Missed(ONE_TO_ONE, Reason.ALL_FORBIDDEN, rules),)),)


def test_whose_places_matter_more_to_others_is_told_so():
    assert reasons(Problem([[5], [3]], [[1]], [1])) == {1: [Reason.TAKEN]}


def test_who_lost_among_equals_is_told_that_the_lot_decided():
    assert list(reasons(Problem([[3], [3]], [[1]], [1])).values()) == [[Reason.DRAWN]]


@pytest.mark.clause("EI-M")
@given(problem=problems(with_locks=False))
@settings(max_examples=60, deadline=None)
def test_the_reason_is_true_for_everybody_who_is_left_out(problem):
    """DRAWN stands exactly where another best choice has a place for the person."""
    solution = solve(problem)
    fit = fits(problem)
    placed_in_a_best_choice = set()
    for choice in choices(problem):
        pairs = [(i, place[1]) for i, place in enumerate(choice) if place]
        if (len(pairs), sum(fit[i][j] for i, j in pairs)) == (solution.placed, solution.total):
            placed_in_a_best_choice |= {i for i, _ in pairs}
    forbidden = set(map(tuple, problem.forbidden.tolist()))

    found = {left.mentee: left.missed[0].reason for left in left_out(problem, solution)}

    assert set(found) == set(range(problem.mentees)) - set(solution.pairs[:, 0].tolist())
    for mentee, reason in found.items():
        open_mentors = [j for j in range(problem.mentors) if problem.capacity[j]]
        allowed = [j for j in open_mentors if (mentee, j) not in forbidden]
        if not open_mentors:
            assert reason == Reason.NO_PLACES
        elif not allowed:
            assert reason == Reason.ALL_FORBIDDEN
        else:
            assert reason == (Reason.DRAWN if mentee in placed_in_a_best_choice else Reason.TAKEN)


def circles(mentees=2, **changes):
    arguments = {
        "wants": np.arange(1, mentees + 1)[::-1, None],
        "offers": [[10]],
        "capacity": [0],
        "circles": [1],
        "one_to_one": [0] * mentees,
        "in_circle": [1] * mentees,
        "sizes": (3, 4),
    }
    return CircleProblem(**arguments | changes)


def missed(problem, **choices):
    found = left_out_of_circles(problem, solve_circles(problem, **choices))
    return {left.mentee: [(miss.pathway, miss.reason) for miss in left.missed] for left in found}


@pytest.mark.clause("BM-7")
def test_a_circle_below_its_smallest_size_is_the_reason():
    assert missed(circles(2)) == {i: [(CIRCLE, Reason.CIRCLE_TOO_SMALL)] for i in (0, 1)}


def test_a_full_circle_is_the_reason():
    assert missed(circles(5)) == {4: [(CIRCLE, Reason.TAKEN)]}


def test_a_running_circle_that_stays_too_small_is_the_reason():
    problem = circles(1, circles=[0], running=[RunningCircle((0,), 1)])

    assert missed(problem) == {0: [(CIRCLE, Reason.CIRCLE_TOO_SMALL)]}


def test_who_would_take_either_is_told_about_both_pathways():
    problem = circles(2, one_to_one=[1, 1], capacity=[1], forbidden=[(1, 0)])

    assert missed(problem) == {1: [(ONE_TO_ONE, Reason.ALL_FORBIDDEN), (CIRCLE, Reason.ALL_FORBIDDEN)]}


def test_who_is_in_no_pathway_of_the_run_is_not_left_out_by_it():
    assert missed(circles(2), pathway="one_to_one") == {}


def test_where_nobody_facilitates_that_is_the_reason():
    assert missed(circles(2, circles=[0])) == {i: [(CIRCLE, Reason.NO_PLACES)] for i in (0, 1)}
