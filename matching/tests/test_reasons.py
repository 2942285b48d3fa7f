"""What the engine found, in words that name what people asked for."""

import pytest

from matching import reasons, solving
from matching.criteria import Criteria
from matching.engine import Among, Ground, HardRule, Missed, Part, PartOfFit, Pathway, Person, Reason
from matching.pool import Pool

ONE_TO_ONE, CIRCLE = Pathway.ONE_TO_ONE, Pathway.CIRCLE
NOBODY = Pool(
    mentees=(), mentors=(), rows={}, rooms={}, wishes={}, criteria={"one_to_one": Criteria()}, sizes=(3, 8)
)


def pool_of(mentees, mentors, *, rooms=None, kinds=("one_to_one",), **details):
    """A pool of rows: mentees are numbered from 1, mentors from 101."""
    people = dict(enumerate(mentees, 1)), dict(enumerate(mentors, 101))
    criteria = Criteria(weights={"sectors": 1}, forbids_line_management=True)
    return Pool(
        mentees=tuple(people[0]),
        mentors=tuple(people[1]),
        rows=people[0] | people[1],
        rooms={pk: (rooms or {}).get(pk, dict.fromkeys(kinds, 1)) for pk in people[1]},
        wishes=dict.fromkeys(people[0], frozenset(kinds)),
        criteria=dict.fromkeys(kinds, criteria),
        **details,
    )


def person(key, *sectors, **details):
    return Person(key, sectors=sectors, **details)


def left_out(pool):
    return reasons.of_left_out(pool, solving.solve(pool, seed=0))


def why(reason, among=None, pathway=ONE_TO_ONE, named=2, rules=()):
    return reasons._why(Missed(pathway, reason, rules, among), NOBODY, named)


def law(reason, forbidden=0, rules=(), options=("EU institutions", "Law")):
    return Among(Part.SECTORS, options, reason, 3, forbidden, rules)


@pytest.mark.clause("EI-M")
def test_whoever_was_left_out_reads_what_became_of_the_mentors_they_asked_for():
    pool = pool_of([person("a", "Law"), person("b", "Law", "Tea")], [person("m", "Law")])

    assert left_out(pool) == {2: "Every mentor in Law or Tea is taken by somebody for whom it matters more."}


def test_a_rule_that_takes_away_all_of_a_sector_is_named():
    below = [person("a", "Law", managers=("boss",)), person("b", "Tea", managers=("boss",))]
    pool = pool_of(below, [person("boss", "Law"), person("m", "Tea")])

    assert left_out(pool) == {
        1: "Every mentor in Law with a place is in their line of management, "
        "and every other mentor they could have is taken by somebody for whom it matters more.",
        101: "The rules exclude everybody who is waiting.",
    }


def test_both_pathways_have_reasons_and_rules_of_their_own():
    below = person("a", "Law", managers=("boss",))
    pool = pool_of(
        [below],
        [person("boss", "Law"), person("m")],
        rooms={101: {"one_to_one": 1, "circle": 0}, 102: {"one_to_one": 0, "circle": 1}},
        kinds=("one_to_one", "circle"),
        sizes=(2, 3),
    )

    assert left_out(pool)[1] == (
        "One-to-one: Every mentor with a place is in their line of management. "
        "Circles: No facilitator in Law has a circle, and a further circle would not reach its smallest size of 2."
    )


SENTENCES = [
    (why(Reason.NO_PLACES), "No mentor has a place left."),
    (why(Reason.NO_PLACES, pathway=CIRCLE), "Nobody offers to facilitate a circle."),
    (
        why(Reason.ALL_FORBIDDEN, rules=(HardRule.ENDED, HardRule.MANAGEMENT_LINE)),
        "Every mentor with a place is together before or in their line of management.",
    ),
    (why(Reason.TAKEN), "Every mentor they could have is taken by somebody for whom it matters more."),
    (
        why(Reason.TAKEN, law(Reason.TAKEN)),
        "Every mentor in EU institutions or Law is taken by somebody for whom it matters more.",
    ),
    (
        why(Reason.TAKEN, law(Reason.TAKEN, forbidden=1)),
        "Every mentor in EU institutions or Law who may have them is taken by somebody for whom it matters more.",
    ),
    (
        why(Reason.TAKEN, law(Reason.ALL_FORBIDDEN, 3, (HardRule.MANAGEMENT_LINE,), ("Law",))),
        "Every mentor in Law with a place is in their line of management, "
        "and every other mentor they could have is taken by somebody for whom it matters more.",
    ),
    (
        why(Reason.TAKEN, law(Reason.NO_PLACES, options=("Law",))),
        "No mentor in Law has a place, "
        "and every other mentor they could have is taken by somebody for whom it matters more.",
    ),
    (
        why(Reason.DRAWN, law(Reason.DRAWN, options=("Law",))),
        "Every mentor in Law is taken; an equally good result would place them, and the lot decided.",
    ),
    (
        why(Reason.TAKEN, law(Reason.TAKEN, options=("Law",)), CIRCLE),
        "Every seat with a facilitator in Law is taken by somebody for whom it matters more.",
    ),
    (
        why(Reason.CIRCLE_TOO_SMALL, law(Reason.CIRCLE_TOO_SMALL), CIRCLE),
        "A further circle would not reach its smallest size of 3.",
    ),
    (
        why(Reason.CIRCLE_TOO_SMALL, law(Reason.NO_PLACES, options=("Law",)), CIRCLE),
        "No facilitator in Law has a circle, and a further circle would not reach its smallest size of 3.",
    ),
]


@pytest.mark.parametrize(("said", "sentence"), SENTENCES, ids=range(len(SENTENCES)))
def test_each_reason_has_its_sentence(said, sentence):
    assert said == sentence


@pytest.mark.parametrize(
    ("part", "scope"),
    [
        (Part.SECTORS, "in Law"),
        (Part.SUPPORT_AREAS, "who offers Law"),
        (Part.COURSE, "who studied Law"),
        (Part.PLACE, "who lives in Law"),
        (Part.LEVEL, ""),
    ],
)
def test_what_was_asked_for_follows_the_mentor(part, scope):
    assert reasons.scope_of(part, ["Law"]) == scope


def test_long_lists_are_cut():
    names = ["Law", "Consulting", "Media", "Tea", "Trade"]

    assert [reasons.either(names[:count]) for count in (1, 2, 3, 4, 5)] == [
        "Law",
        "Law or Consulting",
        "Law, Consulting or Media",
        "Law, Consulting or 2 more",
        "Law, Consulting or 3 more",
    ]


def test_a_reason_always_fits_its_column_however_long_the_options_are():
    long = tuple(f"{letter * 200}." for letter in "ABCDE")
    rows = [person("a", *long), person("b", *long)]
    pool = pool_of(rows, [person("m", *long)], kinds=("one_to_one", "circle"), sizes=(3, 8))

    (said,) = left_out(pool).values()

    assert said == (
        "One-to-one: Every mentor they could have is taken; an equally good result would place them, and the lot "
        "decided. Circles: A further circle would not reach its smallest size of 3."
    )


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (PartOfFit(Part.SECTORS, 3200, 4000, Ground.SHARED, ("EU", "Law")), "Both chose EU and Law."),
        (
            PartOfFit(Part.SECTORS, 2000, 4000, Ground.MENTEE_BLANK, ()),
            "The mentee left it blank: counts as neutral.",
        ),
        (
            PartOfFit(Part.COURSE, 2000, 4000, Ground.MENTOR_BLANK, ()),
            "The mentor left it blank: counts as neutral.",
        ),
        (
            PartOfFit(Part.PLACE, 2000, 4000, Ground.ANYWHERE, ()),
            "The mentee would work anywhere: counts as neutral.",
        ),
        (PartOfFit(Part.SUPPORT_AREAS, 0, 4000, Ground.NONE, ()), "Nothing in common."),
        (PartOfFit(Part.LEVEL, 0, 4000, Ground.NONE, ()), "The mentor doesn’t work in a band above."),
    ],
)
def test_every_part_of_a_fit_has_a_sentence_blanks_and_misses_too(part, sentence):
    assert reasons.sentence_of(part) == sentence
