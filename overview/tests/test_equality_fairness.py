"""The fairness of a match run: after the fact, once, from the monthly count, rounded and kept apart like all else."""

from datetime import UTC, date, datetime

import pytest

from applications.tests.factories import ApplicationFactory, MentorFactory
from equality import services as answering
from overview.equality import snapshots, stages
from overview.equality.models import Figure, Snapshot, Stage, Table
from overview.equality.tables import fairness_of
from overview.tests.people import mentees, run_of
from programmes.tests.factories import CohortFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-7")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture
def cohort():
    return CohortFactory()


def rows_of(run, title="Gender"):
    (rows,) = [rows for each, rows in fairness_of(run).sheets if each == title]
    return {label: (considered, placed, rate, mean) for label, considered, placed, rate, mean in rows}


def test_a_run_is_told_by_group_with_its_rate_of_places_and_its_mean_fit(cohort):
    women, men = mentees(cohort, 40), mentees(cohort, 10, "man")
    run = run_of(cohort, placed=[*women[:30], *men[:8]], left_out=[*women[30:], *men[8:]])

    snapshots.take(cohort, month=JANUARY)

    told = fairness_of(run)
    assert (told.counted, told.considered, told.placed) == (JANUARY, "50", "40")
    rows = rows_of(run)
    assert (rows["Woman"], rows["Man"]) == (("40", "30", "75%", "70%"), ("10", "10", "", "70%"))
    assert rows["Not answered"] == ("0", "0", "", "")


def test_where_taking_part_is_sensitive_a_group_of_one_to_nine_has_no_rate_and_no_mean():
    cohort = CohortFactory(programme__is_sensitive=True)
    women, men = mentees(cohort, 40), mentees(cohort, 8, "man")
    run = run_of(cohort, placed=[*women[:30], *men], left_out=women[30:])

    snapshots.take(cohort, month=JANUARY)

    assert rows_of(run)["Man"] == ("<10", "<10", "", "")


@pytest.mark.parametrize(("left_out", "is_told"), [(0, True), (9, False), (10, True)])
def test_a_run_that_left_out_one_to_nine_people_with_answers_is_not_told(cohort, left_out, is_told):
    people = mentees(cohort, 20 + left_out)
    run = run_of(cohort, placed=people[:20], left_out=people[20:])

    snapshots.take(cohort, month=JANUARY)

    assert (fairness_of(run) is not None) is is_told


def test_a_run_is_counted_once_and_for_good_and_keeps_apart_from_all_other_tables(cohort):
    people = mentees(cohort, 30)
    run = run_of(cohort, placed=people[:20], left_out=people[20:])
    snapshots.take(cohort, month=JANUARY)
    near = run_of(cohort, placed=people[:19], left_out=people[19:])
    mentees(cohort, 20)

    snapshots.take(cohort, month=FEBRUARY)

    assert (Table.objects.filter(run=run).count(), fairness_of(near)) == (2, None)
    assert fairness_of(run).counted == JANUARY


def test_a_run_waits_for_a_month_in_which_enough_have_answered(cohort):
    people = mentees(cohort, 9)
    late = ApplicationFactory(cohort=cohort, state="waitlisted")
    run = run_of(cohort, placed=[*people, late], left_out=[])
    snapshots.take(cohort, month=JANUARY)
    assert fairness_of(run) is None

    answering.give(cohort=cohort, account=late.user_id, answers={"gender": "woman"}, at=NOW)
    snapshots.take(cohort, month=FEBRUARY)

    assert fairness_of(run).counted == FEBRUARY


def test_only_runs_over_everybody_from_which_people_were_introduced_are_counted(cohort):
    people = mentees(cohort, 10)
    facts = {"placed": people, "left_out": []}
    counted = run_of(cohort, **facts)
    run_of(cohort, **facts, released=False)
    run_of(cohort, **facts, is_trial=True)
    run_of(cohort, **facts, only_for=people[0])

    assert stages.runs_to_count(cohort) == [counted]


def test_mentors_are_not_counted_in_a_run(cohort):
    people = mentees(cohort, 10)
    run = run_of(cohort, placed=people[:6], left_out=[*people[6:], MentorFactory(cohort=cohort)])

    everybody, fits = stages.of_run(run)

    assert (everybody, fits) == (
        {each.user_id for each in people},
        {each.user_id: 7100 for each in people[:6]},
    )


def test_what_is_stored_of_a_run_is_rounded_to_five_people_and_five_per_cent(cohort):
    people = mentees(cohort, 33)
    run = run_of(cohort, placed=people[:22], left_out=people[22:])

    snapshots.take(cohort, month=JANUARY)

    stored = Figure.objects.filter(table__run=run, question="gender", choice="woman")
    assert list(stored.order_by("pk").values_list("table__stage", "number", "mean")) == [
        (Stage.CONSIDERED, 35, None),
        (Stage.PLACED, 20, 70),
    ]
    assert Snapshot.objects.count() == 1
