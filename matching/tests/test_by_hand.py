"""Pairs by hand, foretold and then chosen: what is refused beforehand is refused when it is made."""

import pytest

from matching.models import Decision, MatchRun
from matching.services import choosing, runs
from matching.tests.factories import DecisionFactory
from matching.tests.foretold import choose, mentor_of, previewed, told
from matching.tests.people import NOW, mentee, mentor, run
from mentorship.lib.refusals import NotPossible
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = pytest.mark.django_db


def test_a_pair_by_hand_is_foretold_as_the_run_then_makes_it(cohort, admin):
    mentor(cohort, "Law")
    other = mentor(cohort, "Tea")
    asks, displaced = mentee(cohort, "Law"), mentee(cohort, "Tea")
    before = run(cohort)

    found = previewed(cohort, asks, other, admin)
    after = choose(asks, other, admin)

    assert (found.refusal, found.fit, found.band) == ("", 0, "weak")
    assert mentor_of(after)[asks.pk] == other.pk
    assert found.effect == "; ".join(told(before, after, asks.pk)) + "."
    assert displaced.user.name in found.effect


REFUSED = [
    (
        {"forbids_same_division": True},
        {"division": "Library"},
        {"division": "Library"},
        "A rule keeps {asks} and {offers} apart: in the same division.",
    ),
    (
        {"forbids_same_manager": True},
        {"line_manager_email": "boss@lse.example"},
        {"line_manager_email": "boss@lse.example"},
        "A rule keeps {asks} and {offers} apart: under the same line manager.",
    ),
    ({}, {}, {"places": 0, "can_facilitate": True}, "{offers} has no free place in this pathway."),
    ({}, {"accepted": False}, {}, "Hasn't accepted this cohort's policy and guidance yet."),
]


@pytest.mark.parametrize(("rules", "of_mentee", "of_mentor", "sentence"), REFUSED, ids=range(len(REFUSED)))
def test_a_pair_that_no_run_could_keep_is_refused_beforehand_and_when_it_is_made(
    cohort, admin, rules, of_mentee, of_mentor, sentence
):
    cohort.programme.pathways.update(**rules)
    asks, offers = mentee(cohort, **of_mentee), mentor(cohort, **of_mentor)
    sentence = sentence.format(asks=asks.user, offers=offers.user)

    assert previewed(cohort, asks, offers, admin).refusal == sentence
    with pytest.raises(NotPossible) as refusal:
        choosing.choose(asks, offers, by=admin, at=NOW)

    assert str(refusal.value) == sentence
    assert (Decision.objects.count(), MatchRun.objects.count()) == (0, 0)


@pytest.mark.clause("BM-8")
def test_a_mentor_whose_places_are_all_locked_takes_nobody_else(cohort, admin):
    offers, asks = mentor(cohort), mentee(cohort)
    DecisionFactory(cohort=cohort, mentee=mentee(cohort), mentor=offers)
    sentence = f"Every free place of {offers.user} is locked for somebody else; unlock one first."

    assert previewed(cohort, asks, offers, admin).refusal == sentence
    with pytest.raises(NotPossible) as refusal:
        choosing.choose(asks, offers, by=admin, at=NOW)

    assert str(refusal.value) == sentence
    assert Decision.objects.count() == 1


def test_a_mentee_with_a_partner_is_not_paired_again(cohort, admin):
    offers, asks = mentor(cohort), mentee(cohort)
    pair(cohort=cohort, mentee=asks)

    assert previewed(cohort, asks, offers, admin).refusal == (
        f"{asks.user} has a place already, or is offered one."
    )


def test_a_pair_put_off_may_be_made_after_all_but_not_one_refused_for_ever(cohort, admin):
    offers, asks = mentor(cohort), mentee(cohort)
    put_off = DecisionFactory(cohort=cohort, mentee=asks, mentor=offers, kind="apart")

    assert previewed(cohort, asks, offers, admin, is_put_off=True).refusal == ""
    put_off.delete()
    DecisionFactory(cohort=cohort, mentee=asks, mentor=offers, kind="never", reason="Family")
    assert previewed(cohort, asks, offers, admin).refusal == (
        "The office has decided against these two; take that back first."
    )
    with pytest.raises(NotPossible, match="never to be matched"):
        choosing.choose(asks, offers, by=admin, at=NOW)


@pytest.mark.clause("BM-7")
def test_a_member_may_be_put_into_a_circle_that_meets(cohort, with_circles, admin):
    meets = circle(cohort=cohort, members=2)
    lead = meets.memberships.get(part="facilitator").application
    asks = mentee(cohort)

    found = previewed(cohort, asks, lead, admin, "circle")
    made = choose(asks, lead, admin, pathway="circle")

    assert (found.refusal, found.effect) == ("", "Nobody else changes.")
    assert [s.partnership_id for s in made.suggestions.all()] == [meets.pk]


def test_a_circle_that_could_not_begin_is_refused_in_words(cohort, with_circles, admin):
    lead, asks = mentor(cohort, places=0, can_facilitate=True), mentee(cohort)

    assert "would stay below its smallest size" in previewed(cohort, asks, lead, admin, "circle").refusal


# Choosing


def test_choosing_twice_makes_one_lock_and_one_run(cohort, admin):
    offers, asks = mentor(cohort), mentee(cohort)

    first = choosing.choose(asks, offers, by=admin, at=NOW)
    second = choosing.choose(asks, offers, by=admin, at=NOW)

    assert first == second
    assert (Decision.objects.count(), MatchRun.objects.count()) == (1, 1)


def test_a_choice_that_was_made_is_told_to_no_stranger(cohort, admin):
    offers, asks = mentor(cohort), mentee(cohort)
    choosing.choose(asks, offers, by=admin, at=NOW)

    with pytest.raises(NotPossible, match="don't administer"):
        choosing.choose(asks, offers, by=DutyFactory(programme=CohortFactory().programme).user, at=NOW)


def test_a_choice_whose_run_came_to_nothing_is_run_again(cohort, admin):
    offers, asks = mentor(cohort), mentee(cohort)
    first = choosing.choose(asks, offers, by=admin, at=NOW)
    runs.cancel(first, by=admin, at=NOW)

    second = choosing.choose(asks, offers, by=admin, at=NOW)

    assert second.pk > first.pk
    assert second.state == MatchRun.State.WAITING


def test_the_run_of_a_choice_has_the_lot_and_pathway_of_the_run_it_corrects(cohort, with_circles, admin):
    offers, asks = mentor(cohort), mentee(cohort)

    made = choosing.choose(asks, offers, by=admin, at=NOW, over="one_to_one", seed=7)

    assert (made.pathway, made.seed, made.only_for, made.is_trial) == ("one_to_one", 7, None, False)


@pytest.mark.clause("ALL-1")
def test_only_who_administers_the_programme_and_is_neither_of_the_two_chooses(cohort, admin):
    offers, asks, own = mentor(cohort), mentee(cohort), mentee(cohort, user=admin)
    stranger = DutyFactory(programme=CohortFactory().programme).user

    with pytest.raises(NotPossible, match="don't administer"):
        choosing.choose(asks, offers, by=stranger, at=NOW)
    with pytest.raises(NotPossible, match="a match of your own"):
        choosing.choose(own, offers, by=admin, at=NOW)

    assert (Decision.objects.count(), MatchRun.objects.count()) == (0, 0)
