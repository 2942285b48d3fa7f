"""One suggestion as the office reads it before it decides."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.closer import Line, closer
from matching.models import Suggestion
from matching.services import deciding
from matching.situation import as_run, pool_of
from matching.tests.factories import RunFactory, suggested
from matching.tests.people import NOW, mentee, mentor, run
from partnerships.tests.factories import circle
from programmes.tests.factories import WeightFactory

pytestmark = pytest.mark.django_db


def looked_at(suggestion):
    rows = Suggestion.objects.select_related("run__cohort__programme", "run__record", "partnership")
    found = rows.get(pk=suggestion.pk)
    return closer(found, pool_of(found.run))


@pytest.mark.clause("EI-M")
def test_the_two_stand_side_by_side_with_what_each_part_gives(cohort):
    pathway = cohort.programme.pathways.get()
    WeightFactory(pathway=pathway, part="place", strength=1)
    offers = mentor(cohort, "Law", "Media", country="France", band=9)
    asks = mentee(cohort, "EU", "Law")

    found = looked_at(run(cohort).suggestions.get())

    assert [(person.name, person.part) for person in found.leads] == [(offers.user.name, "Mentor")]
    (one,) = found.mentees
    assert (one.name, one.fit, one.band, one.reasons) == (asks.user.name, 5000, "good", ("Both chose Law.",))
    assert one.lines == (
        Line("Sectors in common", ("EU", "Law"), ("Law", "Media"), 3750, 7500, "Both chose Law."),
        Line(
            "Lives where the mentee would like to work",
            (),
            ("France",),
            1250,
            2500,
            "The mentee left it blank: counts as neutral.",
        ),
        Line("The mentor is more senior", (), ("Band 9",), 0, 0, "Not weighed in this run."),
    )


@pytest.mark.clause("EI-M")
def test_the_points_of_the_parts_add_up_to_the_fit(cohort):
    for sectors in (["Law"], ["Law", "Media"], ["Tea"]):
        mentor(cohort, *sectors)
        mentee(cohort, *sectors[::-1], "EU")

    found = [looked_at(suggestion) for suggestion in run(cohort).suggestions.all()]

    assert [sum(line.points for line in one.lines) for each in found for one in each.mentees] == [
        each.suggestion.fit for each in found
    ]


@pytest.mark.clause("EI-7", "BM-2")
def test_of_people_only_their_work_and_their_own_words_stand_beside_what_counts(cohort):
    mentor(cohort, job_role="Judge", job_title="", bio="I like tea.", line_manager_email="boss@lse.example")
    mentee(cohort, linkedin="https://linkedin.example/me", staff_group="Professional services")

    found = looked_at(run(cohort).suggestions.get())

    assert found.lead.about == [("Current job role", "Judge"), ("About me", "I like tea.")]
    assert found.mentees[0].about == []


def test_what_somebody_changed_since_does_not_change_what_the_run_found(cohort):
    offers = mentor(cohort, "Law")
    mentee(cohort, "Law")
    made = run(cohort)
    offers.sectors.clear()

    (one,) = looked_at(made.suggestions.get()).mentees

    assert one.lines == (Line("Sectors in common", ("Law",), ("Law",), 10_000, 10_000, "Both chose Law."),)


def test_a_run_without_a_record_shows_what_it_wrote_down(cohort):
    plain = suggested(RunFactory(cohort=cohort), mentor(cohort), mentee(cohort))
    plain.members.filter(part="mentee").update(reasons=["Both chose Law."])

    (one,) = looked_at(plain).mentees

    assert (one.lines, one.reasons) == ((), ("Both chose Law.",))


def test_it_says_whom_it_waits_for(cohort):
    ready = mentor(cohort)
    unsure = mentee(cohort, accepted=False)

    found = looked_at(suggested(RunFactory(cohort=cohort), ready, unsure))

    assert found.waits_for == [f"{unsure.user.name} hasn't accepted the policy and guidance yet."]


def test_what_the_office_decided_about_them_is_shown_with_its_reason(cohort, admin):
    mentor(cohort), mentee(cohort)
    made = run(cohort)
    before = looked_at(made.suggestions.get())
    deciding.refuse(made.suggestions.all(), by=admin, at=NOW, for_ever=True, reason="Cousins")

    after = looked_at(made.suggestions.get())

    assert before.decision is None
    assert (after.decision.kind, after.decision.reason, after.decision.by) == ("never", "Cousins", admin)


def test_nobody_is_waited_for_once_it_is_on_its_way(cohort):
    on_the_way = suggested(
        RunFactory(cohort=cohort), mentor(cohort), mentee(cohort, accepted=False), state="offered"
    )

    assert looked_at(on_the_way).waits_for == []


@pytest.mark.clause("BM-7")
def test_whoever_joins_a_circle_is_shown_with_who_leads_it(cohort, with_circles):
    meets = circle(cohort=cohort, members=2)
    lead = meets.memberships.get(part="facilitator").application
    joins = mentee(cohort)

    found = looked_at(suggested(RunFactory(cohort=cohort), joins, pathway="circle", partnership=meets))

    assert [person.application.pk for person in found.leads] == [lead.pk]
    assert [person.application.pk for person in found.mentees] == [joins.pk]


def test_a_large_circle_costs_no_more_queries_than_a_pair(cohort, with_circles):
    made = RunFactory(cohort=cohort)
    pair = suggested(made, mentor(cohort), mentee(cohort))
    large = suggested(made, mentor(cohort), *(mentee(cohort) for _ in range(5)), pathway="circle")

    counts = []
    for suggestion in (pair, large):
        with CaptureQueriesContext(connection) as queries:
            looked_at(suggestion)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_what_a_run_met_is_read_back_from_its_record(cohort, with_circles):
    lead = mentor(cohort, "Law", places=0, can_facilitate=True)
    people = [mentee(cohort, "Law", pathway="circle") for _ in range(3)]
    made = run(cohort)

    met = as_run(made, pool_of(made))

    assert met.pool.mentees == tuple(person.pk for person in people)
    assert {met.mentor(spot.mentor) for spot in met.spots.values()} == {lead.user.name}
    assert len(met.spots) == made.placed == met.solution.placed == 3


@pytest.mark.parametrize("damage", [{"input": b"x"}, {"certificate": {}}])
def test_a_record_that_cannot_be_read_is_none(cohort, damage):
    mentor(cohort), mentee(cohort)
    made = run(cohort)
    for name, value in damage.items():
        setattr(made.record, name, value)

    assert as_run(made, pool_of(made)) is None
