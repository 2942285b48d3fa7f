"""Whom a mentee could have instead: what is foretold is what a run then does."""

from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from matching import choices, situation
from matching.choices import instead_of
from matching.effects import FOR_A_COLLEAGUE
from matching.models import MatchRun, Suggestion
from matching.services import deciding
from matching.tests.factories import DecisionFactory, RunFactory, suggested
from matching.tests.foretold import TODAY, choose, mentor_of, previewed, told
from matching.tests.people import NOW, mentee, mentor, run
from mentorship.lib.refusals import NotPossible
from partnerships.tests.factories import pair
from programmes.tests.factories import CohortFactory

pytestmark = pytest.mark.django_db


def found_for(suggestion, person, viewer):
    rows = Suggestion.objects.select_related("run__cohort__programme", "run__record").prefetch_related(
        "members"
    )
    found = rows.get(pk=suggestion.pk)
    return instead_of(found, person.pk, situation.pool_of(found.run), on=TODAY, viewer=viewer)


def suggestion_of(run, person):
    return run.suggestions.get(members__application=person)


@pytest.mark.clause("EI-M")
def test_what_is_foretold_of_each_choice_is_what_the_run_then_does(cohort, admin):
    for sectors in (["Law"], ["Law", "Tea"], ["Media"], ["Tea"]):
        mentor(cohort, *sectors)
    people = [
        mentee(cohort, *sectors) for sectors in (["Law"], ["Law", "Media"], ["Tea"], ["Media"], ["Law"])
    ]
    before = run(cohort)
    chooser = next(person for person in people if person.pk in mentor_of(before))

    found = found_for(suggestion_of(before, chooser), chooser, admin)

    foretold, done = [], []
    for choice in found:
        with transaction.atomic():
            after = choose(chooser, Application.objects.get(pk=choice.mentor), admin)
            assert mentor_of(after)[chooser.pk] == choice.mentor
            done.append("; ".join(told(before, after, chooser.pk)) or "Nobody else changes")
            foretold.append(choice.effect.removesuffix("."))
            transaction.set_rollback(True)
    assert len(found) == 3
    assert foretold == done


def test_choices_come_with_the_best_fit_first_and_their_reasons(cohort, admin):
    given = mentor(cohort, "Law", "Tea")
    half, none = mentor(cohort, "Law"), mentor(cohort)
    asks = mentee(cohort, "Law", "Tea")
    suggestion = run(cohort).suggestions.get()

    found = found_for(suggestion, asks, admin)

    assert suggestion.members.filter(application=given).exists()
    assert {(c.mentor, c.fit, c.band, tuple(c.reasons), c.place, c.effect) for c in found} == {
        (
            half.pk,
            5000,
            "good",
            ("Both chose Law.",),
            "Has a free place.",
            "Nobody else changes; total fit 5,000 lower.",
        ),
        (none.pk, 5000, "good", (), "Has a free place.", "Nobody else changes; total fit 5,000 lower."),
    }


def test_whose_place_it_would_be_is_said(cohort, admin):
    mentor(cohort, "Law")
    taken = mentor(cohort, "Tea")
    asks, other = mentee(cohort, "Law"), mentee(cohort, "Tea")

    (choice,) = found_for(suggestion_of(run(cohort), asks), asks, admin)

    law = mentor_of(MatchRun.objects.get())[asks.pk]
    assert (choice.mentor, choice.place) == (taken.pk, f"Takes the place of {other.user.name}.")
    assert choice.effect == (
        f"{other.user.name} goes to {Application.objects.get(pk=law).user.name} instead; total fit 20,000 lower."
    )


def test_whom_a_rule_forbids_and_whose_places_are_locked_are_not_offered(cohort, admin):
    cohort.programme.pathways.update(forbids_same_division=True)
    mentor(cohort, "Law", division="A"), mentor(cohort, division="B")
    locked = mentor(cohort, division="C")
    asks, other = mentee(cohort, "Law", division="B"), mentee(cohort, division="A")
    DecisionFactory(cohort=cohort, mentee=other, mentor=locked)

    suggestion = suggestion_of(run(cohort), asks)

    assert found_for(suggestion, asks, admin) == []


def test_whom_a_new_run_would_choose_comes_first_once_the_pair_is_refused(cohort, admin):
    mentor(cohort, "Law"), mentor(cohort, "Law", "Tea"), mentor(cohort, "Tea")
    asks = mentee(cohort, "Law")
    made = run(cohort)
    deciding.refuse(made.suggestions.all(), by=admin, at=NOW)

    found = found_for(made.suggestions.get(), asks, admin)

    again = run(cohort)
    assert (found[0].mentor, found[0].place) == (mentor_of(again)[asks.pk], "A new run would choose them.")
    assert len(found) == 2


def test_whoever_withdrew_since_the_run_is_not_offered(cohort, admin):
    mentor(cohort, "Law")
    gone, stays = mentor(cohort), mentor(cohort)
    asks = mentee(cohort, "Law")
    suggestion = run(cohort).suggestions.get()
    Application.objects.filter(pk=gone.pk).update(state="withdrawn")

    assert [choice.mentor for choice in found_for(suggestion, asks, admin)] == [stays.pk]


def test_a_mentee_who_found_a_partner_since_has_no_choices(cohort, admin):
    mentor(cohort)
    asks = mentee(cohort)
    suggestion = run(cohort).suggestions.get()
    pair(cohort=cohort, mentee=asks)

    with pytest.raises(NotPossible, match="isn’t looking for a place any more"):
        found_for(suggestion, asks, admin)


@pytest.mark.clause("BM-7")
def test_a_member_of_a_circle_could_have_a_pair_or_another_circle(cohort, with_circles, admin):
    leads = [mentor(cohort, places=0, can_facilitate=True) for _ in range(2)]
    single = mentor(cohort)
    people = [mentee(cohort) for _ in range(4)]
    mentee(cohort, pathway="one_to_one")
    made = run(cohort)
    suggestion = made.suggestions.filter(pathway="circle").order_by("pk")[0]
    asks = next(person for person in people if suggestion.members.filter(application=person).exists())
    here = suggestion.members.get(part="facilitator").application_id

    found = {choice.pathway: choice for choice in found_for(suggestion, asks, admin)}

    (other,) = {lead.pk for lead in leads} - {here}
    assert (found["circle"].mentor, found["circle"].place) == (other, "Has a free seat.")
    assert (found["one_to_one"].mentor, found["one_to_one"].pathway_shown) == (single.pk, "One-to-one")


def test_an_administrator_who_takes_part_is_neither_offered_nor_told_of_their_own(cohort, admin):
    mentor(cohort, "Law"), mentor(cohort, "Tea")
    own_offer = mentor(cohort, "Law", user=admin)
    asks = mentee(cohort, "Law")
    mentee(cohort, "Tea", user=admin)
    suggestion = suggested(RunFactory(cohort=cohort), asks, mentor(cohort, accepted=False))

    found = found_for(suggestion, asks, admin)

    said = " ".join(f"{choice.name} {choice.place} {choice.effect}" for choice in found)
    assert own_offer.pk not in {choice.mentor for choice in found}
    assert admin.name not in said
    assert {choice.effect for choice in found} == {FOR_A_COLLEAGUE}
    assert {choice.place for choice in found} <= {"Could take them.", "A new run would choose them."}


def test_of_very_many_people_only_the_fits_are_told(cohort, admin, monkeypatch):
    monkeypatch.setattr(situation, "SOLVED_UP_TO", 3)
    mentor(cohort, "Law")
    taken = mentor(cohort, "Tea")
    asks, other = mentee(cohort, "Law"), mentee(cohort, "Tea")

    (choice,) = found_for(suggestion_of(run(cohort), asks), asks, admin)

    assert (choice.mentor, choice.place) == (taken.pk, f"Takes the place of {other.user.name}.")
    assert choice.effect == choices.UNTOLD


def test_where_the_time_of_a_page_is_over_the_choices_stay_without_what_they_do_to_others(
    cohort, with_circles, admin, monkeypatch
):
    monkeypatch.setattr(situation, "SECONDS_PER_PAGE", 0.0)
    mentor(cohort, "Law"), mentor(cohort, "Tea")
    asks = mentee(cohort, "Law")
    suggestion = run(cohort).suggestions.get()

    (choice,) = found_for(suggestion, asks, admin)
    by_hand = previewed(cohort, asks, Application.objects.get(pk=choice.mentor), admin)

    assert (choice.place, choice.effect) == ("Has a free place.", choices.UNTOLD)
    assert (by_hand.refusal, by_hand.effect) == ("", choices.UNTOLD)


def test_whom_a_run_would_choose_is_certain_only_where_that_is_proved_best(cohort, with_circles, admin):
    mentor(cohort), mentee(cohort, pathway="one_to_one")
    present = situation.as_now(cohort, on=TODAY)
    cut_short = replace(present, solution=replace(present.solution, optimal=False))

    said = [
        [(choice.place, choice.effect) for choice in choices.choices(each, each.pool.mentees[0])]
        for each in (present, cut_short)
    ]

    assert said == [
        [("A new run would choose them.", "Nobody else changes.")],
        [("A new run might choose them.", choices.UNTOLD)],
    ]


def test_choices_cost_the_same_queries_for_few_and_for_many(cohort, admin):
    counts = []
    for more in (2, 3):
        for _ in range(more):
            mentor(cohort), mentee(cohort)
        suggestion = run(cohort).suggestions.order_by("pk")[0]
        asks = suggestion.members.get(part="mentee").application
        with CaptureQueriesContext(connection) as queries:
            found_for(suggestion, asks, admin)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# What was decided


def test_decisions_that_hold_in_a_cohort_are_listed_but_those_about_the_reader(cohort, admin):
    later = CohortFactory(programme=cohort.programme, slug="later", policy=cohort.policy)
    ours = DecisionFactory(cohort=cohort, mentee=mentee(cohort), mentor=mentor(cohort))
    DecisionFactory(cohort=cohort, mentee=mentee(cohort, user=admin), mentor=mentor(cohort))
    DecisionFactory(cohort=later, mentee=mentee(later), mentor=mentor(later), kind="apart")
    for_ever = DecisionFactory(
        cohort=later, mentee=mentee(later), mentor=mentor(later), kind="never", reason="Family"
    )
    elsewhere = CohortFactory()
    DecisionFactory(
        cohort=elsewhere, mentee=mentee(elsewhere), mentor=mentor(elsewhere), kind="never", reason="-"
    )

    assert list(choices.decisions_of(cohort, viewer=admin)) == [for_ever, ours]
