"""What a change would do to everybody, as one sentence."""

import pytest

from matching import engine
from matching.criteria import Criteria
from matching.effects import FOR_A_COLLEAGUE, of_effect
from matching.engine import Effect, Move, Pathway, Person, Spot
from matching.pool import Pool
from matching.situation import Situation
from matching.solving import problem_of

MENTEES = dict(enumerate(["Ana", "Ben", "Carl", "Dora", "Eva", "Finn", "Gus"], 1))
MENTORS = dict(enumerate(["Xia", "Yan"], 11))
ONE_TO_ONE, CIRCLE = Pathway.ONE_TO_ONE, Pathway.CIRCLE


def situation_of(*, own=()):
    pool = Pool(
        mentees=tuple(MENTEES),
        mentors=tuple(MENTORS),
        rows={pk: Person(name) for pk, name in (MENTEES | MENTORS).items()},
        rooms={key: {"one_to_one": 3} for key in MENTORS},
        wishes=dict.fromkeys(MENTEES, frozenset({"one_to_one"})),
        criteria={"one_to_one": Criteria()},
    )
    problem = problem_of(pool)
    return Situation(pool, problem, engine.solve(problem), MENTEES | MENTORS, frozenset(own))


def said(effect, *, own=()):
    """For Ana, who is mentee 0; Xia is mentor 0, Yan mentor 1."""
    return of_effect(situation_of(own=own), effect, mentee=0)


def effect(placed=0, total=0, placed_now=(), left_now=(), moved=()):
    return Effect(placed, total, tuple(placed_now), tuple(left_now), tuple(moved))


def goes(mentee, before=0, after=1, pathway=ONE_TO_ONE):
    return Move(mentee, Spot(ONE_TO_ONE, before), Spot(pathway, after))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (effect(), "Nobody else changes."),
        (effect(total=-320), "Nobody else changes; total fit 320 lower."),
        (effect(moved=[goes(0), goes(1)], total=-1320), "Ben goes to Yan instead; total fit 1,320 lower."),
        (effect(moved=[goes(1, pathway=CIRCLE)]), "Ben joins Yan’s circle instead."),
        (effect(left_now=[2], placed_now=[0]), "Carl would be left without a mentor."),
        (effect(placed=1, total=9000, placed_now=[0]), "Nobody else changes."),
        (
            effect(left_now=[1], placed_now=[2], total=5),
            "Ben would be left without a mentor; Carl would get a mentor; total fit 5 higher.",
        ),
        (
            effect(moved=[goes(n) for n in range(1, 6)]),
            "Ben goes to Yan instead; Carl goes to Yan instead; Dora goes to Yan instead; Eva goes to Yan instead; "
            "1 more person changes.",
        ),
        (
            effect(moved=[goes(n) for n in range(1, 7)]),
            "Ben goes to Yan instead; Carl goes to Yan instead; Dora goes to Yan instead; Eva goes to Yan instead; "
            "2 more people change.",
        ),
    ],
)
def test_an_effect_is_said_in_one_sentence(change, sentence):
    assert said(change) == sentence


@pytest.mark.parametrize("own", [[2], [11], [12]])
@pytest.mark.parametrize(
    "change", [effect(), effect(moved=[goes(1)]), effect(left_now=[1]), effect(placed_now=[1])]
)
def test_who_takes_part_is_told_the_same_whatever_happens_and_to_whom(own, change):
    """A sentence that says less for one mentor than for the others would name their own match."""
    assert said(change, own=own) == FOR_A_COLLEAGUE
