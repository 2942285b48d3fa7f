"""What would place somebody whom a run left out, and which new mentors would help."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from matching import gathering, left_out, situation, solving
from matching.left_out import Help, help_for, newcomers_of
from matching.models import Exclusion
from matching.tests.factories import ExclusionFactory, RunFactory
from matching.tests.people import mentee, mentor, placed_in, run
from partnerships.tests.factories import pair

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)


def help_of(exclusion, viewer):
    rows = Exclusion.objects.select_related("application__user", "run__cohort__programme", "run__record")
    return help_for(rows.get(pk=exclusion.pk), on=TODAY, viewer=viewer)


def left_out_of(run):
    return run.exclusions.get(application__role="mentee")


@pytest.mark.clause("EI-M")
def test_one_more_place_that_would_place_somebody_is_named_and_does(cohort, admin):
    offers = mentor(cohort, "Law")
    mentee(cohort, "Law"), mentee(cohort, "Law", "Tea")
    exclusion = left_out_of(run(cohort))

    found = help_of(exclusion, admin)
    Application.objects.filter(pk=offers.pk).update(places=2)

    assert found == Help(ways=(f"One more place with {offers.user} would place them. Nobody else changes.",))
    assert exclusion.application_id in placed_in(run(cohort))


def test_a_mentor_whose_places_are_all_in_use_may_be_asked_for_one_more(cohort, admin):
    offers = pair(cohort=cohort).memberships.get(part="mentor").application
    mentor(cohort, places=0)
    waits = mentee(cohort)
    exclusion = left_out_of(run(cohort))

    found = help_of(exclusion, admin)
    offers.refresh_from_db()

    assert found == Help(ways=(f"One more place with {offers.user} would place them. Nobody else changes.",))
    assert (exclusion.application, offers.places) == (waits, 1)


@pytest.mark.parametrize(
    ("rule", "condition"),
    [
        ("forbids_same_division", "If people in the same division could be matched"),
        ("forbids_same_manager", "If people under the same line manager could be matched"),
    ],
)
def test_a_rule_in_the_way_is_named_with_who_could_take_them(cohort, admin, rule, condition):
    cohort.programme.pathways.update(**{rule: True})
    together = {"division": "Library", "line_manager_email": "boss@lse.example"}
    offers = mentor(cohort, **together)
    mentee(cohort, **together)

    found = help_of(left_out_of(run(cohort)), admin)

    assert found == Help(ways=(f"{condition}, {offers.user} could take them. Nobody else changes.",))


def test_who_would_have_to_move_is_said(cohort, admin):
    cohort.programme.pathways.update(forbids_same_division=True)
    barred, other = mentor(cohort, division="A"), mentor(cohort, division="B")
    moves = mentee(cohort, division="B")
    stays_out = mentee(cohort, division="A")
    Application.objects.filter(pk=moves.pk).update(division="A")
    made = run(cohort)
    placed = made.suggestions.get().members.get(part="mentee").application
    left = left_out_of(made).application

    found = help_of(left_out_of(made), admin)

    assert {placed.pk, left.pk} == {moves.pk, stays_out.pk}
    assert found.ways == (
        f"One more place with {other.user} would place them. Nobody else changes.",
        f"If people in the same division could be matched, {barred.user} could take them. Nobody else changes.",
    )


@pytest.mark.clause("BM-7")
def test_one_more_circle_is_a_way_in(cohort, with_circles, admin):
    lead = mentor(cohort, places=0, can_facilitate=True)
    for _ in range(5):
        mentee(cohort, pathway="circle")
    made = run(cohort)
    exclusion = made.exclusions.filter(application__role="mentee").order_by("pk")[0]

    found = help_of(exclusion, admin)

    assert found.ways[0].startswith(f"One more circle with {lead.user} would place them.")


def test_where_nothing_single_helps_it_is_said(cohort, with_circles, admin):
    mentor(cohort, places=0, can_facilitate=True)
    mentee(cohort, pathway="circle")

    found = help_of(left_out_of(run(cohort)), admin)

    assert found == Help(left_out.NOTHING)


def test_where_no_mentor_is_free_it_is_said(cohort, admin):
    mentee(cohort)

    assert help_of(left_out_of(run(cohort)), admin) == Help(left_out.NOBODY)


def test_where_they_stand_meanwhile_is_said(cohort, admin):
    introduced, waits, would = mentee(cohort), mentee(cohort), mentee(cohort)
    made = RunFactory(cohort=cohort)
    rows = [ExclusionFactory(run=made, application=person) for person in (introduced, waits, would)]
    pair(cohort=cohort, mentee=introduced)
    Application.objects.filter(pk=waits.pk).update(has_mentor_until="2026-03-01", hold_until="2026-03-01")
    mentor(cohort)

    assert [help_of(row, admin) for row in rows] == [
        Help("Isn’t looking for a place any more: one is taken, offered, or no longer wanted."),
        Help("The application is held until 1 March 2026."),
        Help("Something has changed since: a new run would place them."),
    ]


def test_an_administrator_who_takes_part_is_not_told_of_their_own(cohort, admin):
    mentor(cohort, user=admin)
    mentee(cohort), mentee(cohort)

    found = help_of(left_out_of(run(cohort)), admin)

    assert found == Help(left_out.FOR_A_COLLEAGUE)


def test_of_very_many_people_nothing_is_worked_out(cohort, admin, monkeypatch):
    monkeypatch.setattr(situation, "SOLVED_UP_TO", 2)
    mentor(cohort), mentee(cohort), mentee(cohort)
    made = run(cohort)

    assert help_of(left_out_of(made), admin) == Help(left_out.TOO_MANY)
    assert newcomers(cohort) == []


def test_what_would_help_costs_the_same_queries_for_few_and_for_many(cohort, admin):
    counts = []
    for more in (2, 3):
        for _ in range(more):
            mentee(cohort)
        mentor(cohort)
        exclusion = run(cohort).exclusions.order_by("pk")[0]
        with CaptureQueriesContext(connection) as queries:
            help_of(exclusion, admin)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_where_the_time_of_a_page_is_too_short_nobody_is_told_that_nothing_would_help(
    cohort, with_circles, admin, monkeypatch
):
    mentor(cohort)
    mentee(cohort), mentee(cohort)
    exclusion = left_out_of(run(cohort))
    monkeypatch.setattr(situation, "SECONDS_PER_PAGE", 0.0)

    assert help_of(exclusion, admin) == Help(left_out.TOO_LONG)


def test_of_a_choice_that_is_not_proved_best_nothing_is_concluded(cohort, admin):
    mentor(cohort), mentee(cohort)
    present = situation.as_now(cohort, on=TODAY)
    cut_short = replace(present, solution=replace(present.solution, optimal=False))

    assert left_out._help(cut_short, present.pool.mentees[0]) == Help(left_out.TOO_LONG)


# New mentors


def newcomers(cohort):
    pool = gathering.gather(cohort, on=TODAY)
    return newcomers_of(pool, solving.solve(pool, seed=0, compare=True))


@pytest.mark.clause("EI-M")
def test_new_mentors_that_would_help_are_told_by_what_was_asked_for(cohort):
    mentor(cohort, "Tea")
    for sectors in (["Law"], ["Law"], ["Tea"]):
        mentee(cohort, *sectors)

    assert newcomers(cohort) == ["One more mentor in Law with two places would place two more."]


def test_a_new_mentor_places_as_many_as_is_said(cohort):
    mentor(cohort, "Law")
    for _ in range(3):
        mentee(cohort, "Law")
    before = run(cohort)
    said = newcomers(cohort)
    mentor(cohort, "Law", places=2)

    after = run(cohort)

    assert said == ["One more mentor in Law with two places would place two more."]
    assert after.placed - before.placed == 2


@pytest.mark.clause("BM-7")
def test_a_new_facilitator_places_a_circle(cohort, with_circles):
    for _ in range(3):
        mentee(cohort, "Law", pathway="circle")
    mentor(cohort, places=1)

    assert newcomers(cohort) == ["One more facilitator in Law would place three more."]


def test_no_more_than_three_lines_are_told(cohort):
    for name in ("Art", "Law", "Media", "Tea"):
        mentee(cohort, name)

    assert len(newcomers(cohort)) == 3


def test_where_everybody_has_a_place_nobody_is_looked_for(cohort):
    mentor(cohort), mentee(cohort)

    assert newcomers(cohort) == []


def test_where_the_time_is_too_short_nobody_is_named(cohort, monkeypatch):
    monkeypatch.setattr(left_out, "SECONDS_FOR_NEWCOMERS", 0.0)
    mentee(cohort, "Law")

    assert newcomers(cohort) == []
