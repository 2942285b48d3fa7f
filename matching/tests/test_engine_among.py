"""What kept those from a mentee who have what the mentee asked for."""

import pytest

from matching.engine import (
    Among,
    CircleProblem,
    HardRule,
    Part,
    Person,
    Problem,
    Reason,
    build_features,
    forbidden_pairs,
    left_out,
    left_out_of_circles,
    solve,
    solve_circles,
)

LAW = ("Law",)


def among(mentees, mentors, capacity, weights=None, **rules):
    """What is said about the last mentee, who is left out."""
    features = build_features(mentees, mentors, weights or {"sectors": 3, "support_areas": 1})
    forbidden = forbidden_pairs(mentees, mentors, **rules)
    problem = Problem(features.wants, features.offers, capacity, forbidden.pairs)
    left = left_out(problem, solve(problem), forbidden, features)
    assert left[-1].mentee == len(mentees) - 1
    return left[-1].missed[0]


@pytest.mark.clause("EI-M")
def test_everybody_with_the_sector_is_taken_by_somebody_for_whom_it_matters_more():
    mentees = [Person("a", LAW), Person("b", ("EU",)), Person("c", ("Law", "NGO"))]
    mentors = [Person("m", LAW), Person("n", ("EU",))]

    missed = among(mentees, mentors, [1, 1])

    assert (missed.reason, missed.rules) == (Reason.TAKEN, ())
    assert missed.among == Among(Part.SECTORS, ("Law", "NGO"), Reason.TAKEN, 1, 0)


def test_everybody_with_the_sector_is_forbidden_while_others_are_taken():
    mentees = [Person("a", ("EU",)), Person("c", LAW, managers=("m",))]
    mentors = [Person("m", LAW), Person("n", ("EU",)), Person("o", LAW, managers=("m",))]

    missed = among(mentees, mentors, [1, 1, 1], refused=[(0, 0), (0, 2)])

    rules = (HardRule.MANAGEMENT_LINE, HardRule.SAME_MANAGER)
    assert missed.reason == Reason.TAKEN
    assert missed.among == Among(Part.SECTORS, LAW, Reason.ALL_FORBIDDEN, 2, 2, rules)


def test_where_some_are_forbidden_and_the_rest_taken_both_are_told():
    mentees = [Person("a", LAW), Person("b", LAW), Person("c", ("Law", "EU"))]
    mentors = [Person("m", LAW), Person("n", LAW)]

    missed = among(mentees, mentors, [1, 1], refused=[(2, 0)])

    refused = (HardRule.REFUSED,)
    assert missed.among == Among(Part.SECTORS, ("EU", "Law"), Reason.TAKEN, 2, 1, refused)


def test_where_nobody_with_a_place_has_what_was_asked_for_that_is_said():
    """Nobody offers Banks at all, and who offers Law has no place."""
    mentees = [Person("a", ("EU",)), Person("c", ("Banks", "Law"))]
    mentors = [Person("m", LAW), Person("n", ("EU",))]

    missed = among(mentees, mentors, [0, 1])

    assert missed.among == Among(Part.SECTORS, ("Banks", "Law"), Reason.NO_PLACES, 0, 0)


def test_the_part_with_most_points_counts_of_those_in_which_something_was_named():
    mentees = [Person("a", LAW), Person("c", support_areas=("CV",), band=4)]
    mentors = [Person("m", LAW, ("CV",))]

    missed = among(mentees, mentors, [1], {"level": 5, "sectors": 3, "support_areas": 1})

    assert missed.among == Among(Part.SUPPORT_AREAS, ("CV",), Reason.TAKEN, 1, 0)


def test_whoever_named_nothing_is_told_of_mentors_as_a_whole():
    mentees = [Person("a", LAW), Person("c", places=("Anywhere",))]

    missed = among(mentees, [Person("m", LAW)], [1], {"sectors": 1, "place": 9})

    assert (missed.reason, missed.among) == (Reason.TAKEN, None)


def test_without_features_nothing_is_said_about_those_who_have_it():
    problem = Problem([[1], [1]], [[1]], [1])

    [left] = left_out(problem, solve(problem))

    assert left.missed[0].among is None


def test_circles_are_explained_by_their_own_features_and_rules():
    """One who asks for Law in pairs and for the EU in circles, where the only facilitator with it is ruled out."""
    mentees = [Person("a", LAW, ("CV",))]
    mentors = [Person("m", LAW), Person("n", support_areas=("CV",))]
    pairs = build_features(mentees, mentors, {"sectors": 1})
    circles = build_features(mentees, mentors, {"support_areas": 1})
    ruled_out = forbidden_pairs(mentees, mentors, refused=[(0, 1)])
    problem = CircleProblem(
        pairs.wants,
        pairs.offers,
        [0, 0],
        [1, 1],
        [1],
        [1],
        sizes=(3, 4),
        circle_wants=circles.wants,
        circle_offers=circles.offers,
        forbidden_in_circles=ruled_out.pairs,
    )

    [left] = left_out_of_circles(
        problem, solve_circles(problem), None, ruled_out, features=pairs, circle_features=circles
    )

    one_to_one, circle = left.missed
    assert (one_to_one.reason, circle.reason) == (Reason.NO_PLACES, Reason.CIRCLE_TOO_SMALL)
    assert one_to_one.among == Among(Part.SECTORS, LAW, Reason.NO_PLACES, 0, 0)
    refused = (HardRule.REFUSED,)
    assert circle.among == Among(Part.SUPPORT_AREAS, ("CV",), Reason.ALL_FORBIDDEN, 1, 1, refused)


def test_what_mentees_named_is_kept_whether_or_not_anybody_offers_it():
    mentee = Person("a", ("NGO", "EU"), (), ("MSc X",), ("Peru", "Anywhere"), 4, "Library")

    features = build_features([mentee, Person("b")], [Person("m", band=5)], dict.fromkeys(Part, 1))

    assert features.named == ({Part.SECTORS: ("EU", "NGO"), Part.COURSE: ("MSc X",)}, {})
