"""The fit is what the table in `features` says, and nothing else can reach it."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import InvalidProblem, Part, Person, World, build_features, points, solve
from matching.engine.problem import Problem

WORLD = World(
    regions={"France": "West", "Germany": "West", "Poland": "East"},
    course_groups={"Economics": "Social", "Politics": "Social", "Law": "Law"},
    steps=2,
)
EVEN = dict.fromkeys(Part, 1)


def subsets(*options, most=4):
    return st.lists(st.sampled_from(options), unique=True, max_size=most).map(tuple)


people = st.builds(
    Person,
    key=st.just("anyone"),
    sectors=subsets("EU", "Law", "NGO", "Banks"),
    support_areas=subsets("CV", "Interviews", "Networks"),
    courses=subsets("Economics", "Politics", "Law", "Drama", most=2),
    places=subsets("France", "Germany", "Poland", "Peru", "Anywhere"),
    band=st.none() | st.integers(3, 9),
    division=st.sampled_from(["", "Library", "Finance", "Estates"]),
)
homes = subsets("France", "Germany", "Poland", "Peru", "Anywhere", most=1)
mentors = st.tuples(people, homes).map(lambda pair: dataclasses.replace(pair[0], places=pair[1]))
weights = st.fixed_dictionaries({}, optional=dict.fromkeys(Part, st.integers(0, 4)))


def each_share(wanted, whole):
    """Points per wanted option; the first ones by name carry what doesn't divide."""
    names = sorted(wanted)
    return {name: whole // len(names) + (rank < whole % len(names)) for rank, name in enumerate(names)}


def plain_options(mentee, mentor, whole):
    if not mentee or not mentor:
        return whole // 2
    return sum(worth for name, worth in each_share(mentee, whole).items() if name in mentor)


def plain_course(mentee, mentor, whole):
    if not mentee.courses or not mentor.courses:
        return whole // 2
    related = {WORLD.course_groups.get(course, course) for course in mentor.courses}
    fit = 0
    for course, worth in each_share(mentee.courses, whole).items():
        is_related = WORLD.course_groups.get(course, course) in related
        fit += worth if course in mentor.courses else worth // 2 if is_related else 0
    return fit


def plain_place(mentee, mentor, whole):
    [home] = mentor.places or ["Anywhere"]
    if not mentee.places or "Anywhere" in {*mentee.places, home}:
        return whole // 2
    regions = {WORLD.regions.get(country, country) for country in mentee.places}
    is_near = WORLD.regions.get(home, home) in regions
    return whole if home in mentee.places else whole // 2 if is_near else 0


def plain_level(mentee, mentor, whole):
    if mentee.band is None or mentor.band is None:
        return whole // 2
    above = mentor.band - mentee.band
    return whole if above >= 2 else whole // 2 if above == 1 else 0


def plain_division(mentee, mentor, whole):
    if not mentee.division or not mentor.division:
        return whole // 2
    return whole if mentee.division != mentor.division else 0


PLAIN = {
    Part.SECTORS: lambda a, b, whole: plain_options(a.sectors, b.sectors, whole),
    Part.SUPPORT_AREAS: lambda a, b, whole: plain_options(a.support_areas, b.support_areas, whole),
    Part.COURSE: plain_course,
    Part.PLACE: plain_place,
    Part.LEVEL: plain_level,
    Part.DIVISION: plain_division,
}


@pytest.mark.clause("EI-M")
@given(mentees=st.lists(people, max_size=4), mentors=st.lists(mentors, max_size=4), weights=weights)
@settings(max_examples=100, deadline=None)
def test_the_tables_give_the_fit_as_it_is_defined(mentees, mentors, weights):
    shared = points(weights)

    made = build_features(mentees, mentors, weights, WORLD)

    fit = made.wants @ made.offers.T
    assert fit.tolist() == [
        [sum(PLAIN[part](mentee, mentor, shared[part]) for part in Part) for mentor in mentors]
        for mentee in mentees
    ]
    assert fit.size == 0 or (fit.min() >= 0 and fit.max() <= 10_000)
    assert made.wants.min(initial=0) >= 0
    assert set(np.unique(made.offers)) <= {0, 1}


@given(weights=weights)
def test_the_points_are_ten_thousand_shared_out_by_weight(weights):
    total = sum(weights.values())

    shared = points(weights)

    assert sum(shared.values()) == (10_000 if total else 0)
    assert all(abs(shared[part] - Fraction(10_000 * weights.get(part, 0), total or 1)) < 1 for part in Part)


def test_parts_of_equal_weight_get_points_that_differ_by_one_at_most():
    assert points({"sectors": 1, "support_areas": 1, "course": 1}) == {
        Part.SECTORS: 3334,
        Part.SUPPORT_AREAS: 3333,
        Part.COURSE: 3333,
        Part.PLACE: 0,
        Part.LEVEL: 0,
        Part.DIVISION: 0,
    }


def test_a_mentor_who_has_all_that_is_wanted_gets_every_point():
    mentee = Person("a", ("EU", "Law", "NGO"), ("CV",), ("Law",), ("France",), 4, "Library")
    mentor = Person("b", ("EU", "Law", "NGO", "Banks"), ("CV",), ("Law",), ("France",), 6, "Finance")

    made = build_features([mentee], [mentor], EVEN, WORLD)

    assert (made.wants @ made.offers.T).tolist() == [[10_000]]


def test_what_a_mentee_leaves_blank_is_the_same_for_every_mentor():
    mentee = Person("a")
    mentors = [Person("b"), Person("c", ("EU",), ("CV",), ("Law",), ("Peru",), 9, "Estates")]

    made = build_features([mentee], mentors, EVEN, WORLD)

    half = sum(whole // 2 for whole in made.points.values())
    assert (made.wants @ made.offers.T).tolist() == [[half, half]]


@pytest.mark.clause("EI-M")
def test_a_row_holds_nothing_but_what_matching_may_know():
    """No name, picture, date of birth or protected characteristic, and no room for one (EI-7, BM-2)."""
    fields = [field.name for field in dataclasses.fields(Person)]

    assert fields == [
        "key",
        "sectors",
        "support_areas",
        "courses",
        "places",
        "band",
        "division",
        "managers",
    ]
    assert Person.__slots__ == tuple(fields)


@pytest.mark.clause("EI-M")
def test_who_somebody_is_has_no_influence_on_the_fit():
    mentees = [Person("a", ("EU",), managers=("x",)), Person("b", ("EU",), managers=("y",))]

    made = build_features(mentees, [Person("c", ("EU",))], EVEN, WORLD)

    assert made.wants[0].tolist() == made.wants[1].tolist()


def test_the_same_people_give_the_same_tables():
    mentee = Person("a", ("Law", "EU", "NGO"), ("CV", "Networks"), ("Law",), ("France", "Poland", "Peru"))
    mentor = Person("b", ("EU", "NGO"), ("CV",), ("Law", "Drama"), ("Poland",))

    first = build_features([mentee], [mentor], EVEN, WORLD)
    second = build_features(
        [dataclasses.replace(mentee, sectors=mentee.sectors[::-1], places=mentee.places[::-1])],
        [dataclasses.replace(mentor, courses=mentor.courses[::-1])],
        EVEN,
        WORLD,
    )

    assert (first.wants @ first.offers.T).tolist() == (second.wants @ second.offers.T).tolist()
    assert set(first.columns) == set(second.columns)


def test_a_world_without_a_map_relates_only_the_variants_of_a_course():
    mentee = Person("a", courses=("MSc Policy (Double degree)",), places=("Belgium",))
    mentors = [
        Person("b", courses=("MSc Policy",), places=("Netherlands",)),
        Person("c", courses=("MSc Law",), places=("Belgium",)),
    ]

    made = build_features([mentee], mentors, {"course": 1, "place": 1})

    assert (made.wants @ made.offers.T).tolist() == [[2500, 5000]]


@pytest.mark.parametrize(
    ("weights", "world", "home", "sentence"),
    [
        ({"sectors": -1}, WORLD, ("France",), "A weight can't be negative."),
        ({"charm": 1}, WORLD, ("France",), "There is no part of the fit called “charm”."),
        ({"place": 1}, WORLD, ("France", "Peru"), "A mentor lives in one country"),
        ({"level": 1}, World(steps=0), ("France",), "The distance between bands must be at least one band."),
    ],
)
def test_what_makes_no_fit_is_refused_with_a_sentence(weights, world, home, sentence):
    with pytest.raises(InvalidProblem) as refusal:
        build_features([Person("a")], [Person("b", places=home)], weights, world)

    assert str(refusal.value).startswith(sentence)


def test_the_tables_go_straight_into_a_problem():
    mentees = [Person("a", ("EU",)), Person("b", ("Law",))]
    made = build_features(mentees, [Person("c", ("Law",)), Person("d", ("EU",))], {"sectors": 4})

    solution = solve(Problem(made.wants, made.offers, [1, 1]))

    assert (solution.pairs.tolist(), solution.total) == ([[0, 1], [1, 0]], 20_000)
