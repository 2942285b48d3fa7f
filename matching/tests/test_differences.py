import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from applications.tests.factories import ApplicationFactory, MentorFactory
from matching.differences import Change, Moves, between, of_trial, to_last_run
from matching.tests.factories import ExclusionFactory, RunFactory, suggested
from partnerships.tests.factories import circle
from programmes.tests.factories import DutyFactory


def test_a_difference_tells_who_moves_who_is_placed_and_who_is_not_any_more():
    moves = between({1: 11, 2: 12, 3: 13}, {1: 11, 2: 13, 4: 12})

    assert moves == Moves(
        pairs_before=3, changed=((2, 12, 13),), newly_placed=((4, 12),), no_longer_placed=((3, 13),)
    )
    assert moves.rows == [(2, 12, 13), (4, None, 12), (3, 13, None)]


def test_nothing_differs_from_itself():
    assert between({1: 11}, {1: 11}).rows == []


@pytest.fixture
def people(cohort):
    """Two mentors and three mentees with names that a test can read."""
    mentors = [MentorFactory(cohort=cohort, user__name=name) for name in ("Mona", "Max")]
    mentees = [ApplicationFactory(cohort=cohort, user__name=name) for name in ("Ada", "Ben", "Cleo")]
    return *mentors, *mentees


def trial_of(cohort, mentor_of, **figures):
    before = {"placed": len(mentor_of), "total": 8000, "smallest": 2000, "mentor_of": mentor_of} | figures
    return RunFactory(
        cohort=cohort,
        is_trial=True,
        placed=2,
        total=9000,
        smallest=3100,
        upper_bound=9000,
        comparison={"other": None, "in_force": before},
    )


@pytest.mark.django_db
class TestOfTrial:
    def test_it_names_the_changes_and_says_the_figures_in_words(self, cohort, admin, people):
        mona, max_, ada, ben, cleo = people
        trial = trial_of(cohort, {str(ada.pk): mona.pk, str(ben.pk): max_.pk}, placed=2)
        suggested(trial, max_, ada)
        suggested(trial, mona, cleo)

        found = of_trial(trial, viewer=admin)

        assert found.changes == (
            Change("Ada", "Mona", "Max"),
            Change("Ben", "Max", ""),
            Change("Cleo", "", "Mona"),
        )
        assert found.summary == [
            "2 of 2 pairs change.",
            "As many people are placed: 2.",
            "Weakest fit 3,100 instead of 2,000.",
            "Total fit 9,000 instead of 8,000.",
        ]

    def test_a_trial_that_changes_nothing_says_so(self, cohort, admin, people):
        mona, _, ada, *_ = people
        trial = trial_of(cohort, {str(ada.pk): mona.pk}, placed=4, total=9000, smallest=3100)
        suggested(trial, mona, ada)

        assert of_trial(trial, viewer=admin).summary == [
            "No pair changes.",
            "Two fewer people are placed: 2 instead of 4.",
            "The weakest fit stays at 3,100.",
            "The total fit stays at 9,000.",
        ]

    def test_whoever_has_left_meanwhile_is_not_named(self, cohort, admin, people):
        mona, max_, ada, *_ = people
        trial = trial_of(cohort, {str(ada.pk): mona.pk})
        suggested(trial, max_, ada)
        mona.delete()

        assert of_trial(trial, viewer=admin).changes == (Change("Ada", "somebody who has left", "Max"),)

    def test_a_run_that_is_no_trial_has_none(self, cohort, admin):
        assert of_trial(RunFactory(cohort=cohort), viewer=admin) is None

    def test_a_trial_without_a_result_has_none(self, cohort, admin):
        trial = RunFactory(
            cohort=cohort, is_trial=True, state="waiting", finished_at=None, input_hash="", comparison={}
        )

        assert of_trial(trial, viewer=admin) is None

    def test_an_administrator_learns_nothing_of_a_match_of_their_own(self, cohort, people):
        mona, max_, ada, ben, _ = people
        own = DutyFactory(programme=cohort.programme, user=max_.user).user
        trial = trial_of(cohort, {str(ada.pk): mona.pk, str(ben.pk): max_.pk})
        suggested(trial, max_, ada)
        suggested(trial, mona, ben)

        found = of_trial(trial, viewer=own)

        assert (found.changes, found.own) == ((), 2)


@pytest.mark.django_db
class TestToLastRun:
    def test_it_compares_with_the_last_run_over_everybody_and_the_same_pathways(self, cohort, admin, people):
        mona, max_, ada, *_ = people
        last = RunFactory(cohort=cohort, placed=1)
        suggested(last, mona, ada)
        RunFactory(cohort=cohort, pathway="circle")
        RunFactory(cohort=cohort, only_for=ada)
        RunFactory(cohort=cohort, is_trial=True)
        RunFactory(cohort=cohort, state="failed", failure="Too many.", input_hash="")
        RunFactory()
        run = RunFactory(cohort=cohort, placed=1)
        suggested(run, max_, ada)

        assert to_last_run(run, viewer=admin).changes == (Change("Ada", "Mona", "Max"),)

    @pytest.mark.parametrize("kind", ["first", "trial", "for one"])
    def test_the_first_run_a_trial_and_a_run_for_one_person_have_none(self, cohort, admin, people, kind):
        if kind != "first":
            RunFactory(cohort=cohort)
        changes = {"trial": {"is_trial": True}, "for one": {"only_for": people[2]}}.get(kind, {})

        assert to_last_run(RunFactory(cohort=cohort, **changes), viewer=admin) is None

    def test_whoever_was_introduced_since_is_counted_and_no_change(self, cohort, admin, people):
        mona, max_, ada, ben, _ = people
        last, run = RunFactory(cohort=cohort), RunFactory(cohort=cohort)
        suggested(last, mona, ada)
        suggested(last, max_, ben)
        ExclusionFactory(run=run, application=ben)

        found = to_last_run(run, viewer=admin)

        assert (found.changes, found.left_pool) == ((Change("Ben", "Max", ""),), 1)

    def test_who_joins_a_circle_is_with_whoever_leads_it(self, cohort, admin, people, with_circles):
        *_, ada, ben, cleo = people
        meets = circle(cohort)
        lead = meets.memberships.get(part="facilitator").application
        RunFactory(cohort=cohort)
        run = RunFactory(cohort=cohort)
        suggested(run, ada, pathway="circle", partnership=meets)

        assert to_last_run(run, viewer=admin).changes == (Change("Ada", "", lead.user.name),)

    def test_whoever_leads_a_circle_learns_nothing_of_who_joins_it(self, cohort, people, with_circles):
        ada = people[2]
        meets = circle(cohort)
        lead = meets.memberships.get(part="facilitator").application.user
        RunFactory(cohort=cohort)
        run = RunFactory(cohort=cohort)
        suggested(run, ada, pathway="circle", partnership=meets)

        found = to_last_run(run, viewer=lead)

        assert (found.changes, found.own) == ((), 1)

    @pytest.mark.parametrize(
        ("weights", "is_said"), [({"sectors": 2, "course": 0}, False), ({"sectors": 3}, True)]
    )
    def test_other_weights_are_said_since_fits_can_not_be_compared(self, cohort, admin, weights, is_said):
        RunFactory(cohort=cohort, criteria={"one_to_one": {"weights": {"sectors": 2}}})
        run = RunFactory(cohort=cohort, criteria={"one_to_one": {"weights": weights}})

        assert bool(to_last_run(run, viewer=admin).note) is is_said

    def test_it_costs_the_same_for_one_pair_and_for_three(self, cohort, admin):
        counts = []
        for pairs in (1, 3):
            last, run = RunFactory(cohort=cohort), RunFactory(cohort=cohort)
            for _ in range(pairs):
                mentee = ApplicationFactory(cohort=cohort)
                for made in (last, run):
                    suggested(made, MentorFactory(cohort=cohort), mentee)
            with CaptureQueriesContext(connection) as queries:
                to_last_run(run, viewer=admin)
            counts.append(len(queries))

        assert counts[0] == counts[1]


@pytest.mark.django_db
def test_the_page_says_each_change_in_words(cohort, admin, people):
    mona, max_, ada, ben, cleo = people
    trial = trial_of(cohort, {str(ada.pk): mona.pk, str(ben.pk): max_.pk})
    suggested(trial, max_, ada)
    suggested(trial, mona, cleo)

    html = render_to_string("admin/matching/difference.html", {"difference": of_trial(trial, viewer=admin)})

    assert re.findall(r"<li>(.*?)</li>", html) == [
        "<strong>Ada</strong>: Max instead of Mona",
        "<strong>Ben</strong>: not placed; before with Max",
        "<strong>Cleo</strong>: placed, with Mona",
    ]


@pytest.mark.django_db
def test_a_long_list_of_changes_is_folded(cohort, admin):
    trial = trial_of(cohort, {})
    for _ in range(9):
        suggested(trial, MentorFactory(cohort=cohort), ApplicationFactory(cohort=cohort))

    html = render_to_string("admin/matching/difference.html", {"difference": of_trial(trial, viewer=admin)})

    assert "<summary>All 9 changes</summary>" in html


@pytest.mark.django_db
def test_the_page_counts_what_it_does_not_show(cohort, people):
    mona, max_, ada, ben, _ = people
    last, run = RunFactory(cohort=cohort), RunFactory(cohort=cohort)
    suggested(last, mona, ada)
    suggested(run, max_, ben)

    html = render_to_string(
        "admin/matching/difference.html", {"difference": to_last_run(run, viewer=max_.user)}
    )

    assert "1 person who was placed then isn’t looking for a mentor any more" in html
    assert "1 change isn’t shown, since it would tell you of a match of your own." in html
