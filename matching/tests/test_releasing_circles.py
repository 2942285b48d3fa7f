from datetime import UTC, datetime, timedelta

import pytest

from applications.models import Application
from applications.tests.factories import PolicyAcceptanceFactory
from matching.services import releasing
from matching.tests.factories import RunFactory, suggested
from matching.tests.people import mentee, mentor, run
from partnerships.models import Partnership
from partnerships.tests.factories import circle, pair

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-7"), pytest.mark.usefixtures("with_circles")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)


def facilitator(cohort, **details):
    return mentor(cohort, places=0, can_facilitate=True, **details)


def members(cohort, number, **details):
    return [mentee(cohort, pathway="circle", **details) for _ in range(number)]


def new_circle(*people):
    return suggested(RunFactory(cohort=people[0].cohort), *people, pathway="circle")


def joining(made, *people):
    return suggested(RunFactory(cohort=made.cohort), *people, pathway="circle", partnership=made)


def release(suggestion, **details):
    return releasing.release(suggestion.run, **{"by": None, "at": NOW, **details})


def held(outcome):
    return [(row.people, row.reason) for row in outcome.held_back]


def inside(partnership):
    return set(partnership.memberships.current().values_list("application", flat=True))


@pytest.mark.clause("EI-1")
def test_a_circle_goes_with_the_members_who_are_ready_and_names_the_others(cohort):
    lead, (one, two) = facilitator(cohort), members(cohort, 2)
    (late,) = members(cohort, 1, accepted=False)
    suggestion = new_circle(lead, one, two, late)
    says = f"{late.user.name} hasn't accepted the policy and guidance yet."

    outcome = release(suggestion)
    releasing.introduce_due(LATER)

    suggestion.refresh_from_db()
    assert (outcome.released, held(outcome)) == (1, [(late.user.name, says)])
    assert (suggestion.state, suggestion.held_back) == ("released", says)
    assert inside(suggestion.partnership) == {lead.pk, one.pk, two.pk}


def test_whoever_becomes_ready_before_the_introduction_is_in_the_circle(cohort):
    lead, (one, two) = facilitator(cohort), members(cohort, 2)
    (late,) = members(cohort, 1, accepted=False)
    suggestion = new_circle(lead, one, two, late)
    release(suggestion)
    PolicyAcceptanceFactory(application=late)

    releasing.introduce_due(LATER)

    assert inside(Partnership.objects.get()) == {lead.pk, one.pk, two.pk, late.pk}


def test_a_circle_below_its_smallest_size_does_not_leave(cohort):
    lead, (one, late) = facilitator(cohort), [*members(cohort, 1), *members(cohort, 1, accepted=False)]
    suggestion = new_circle(lead, one, late)

    outcome = release(suggestion)

    suggestion.refresh_from_db()
    assert (outcome.released, suggestion.state) == (0, "proposed")
    assert suggestion.held_back == (
        "Only 1 of its members are ready; a circle begins with 2."
        f" {late.user.name} hasn't accepted the policy and guidance yet."
    )


def test_a_circle_above_its_largest_size_leaves_without_the_last(cohort):
    lead, people = facilitator(cohort), members(cohort, 4)
    suggestion = new_circle(lead, *people)
    last = people[-1].user.name

    outcome = release(suggestion, delay=timedelta(0))

    assert held(outcome) == [(last, f"The circle has no seat left for {last}.")]
    assert inside(Partnership.objects.get()) == {lead.pk, *(person.pk for person in people[:3])}


def test_a_circle_that_falls_below_its_smallest_size_while_it_leaves_is_suggested_again(cohort):
    lead, (one, gone) = facilitator(cohort), members(cohort, 2)
    suggestion = new_circle(lead, one, gone)
    release(suggestion)
    Application.objects.filter(pk=gone.pk).update(state="withdrawn")

    assert releasing.introduce_due(LATER) == 0
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.released_by, Partnership.objects.count()) == ("proposed", None, 0)
    assert suggestion.held_back.endswith(f"{gone.user.name} isn't accepted at the moment.")


def test_a_circle_without_its_facilitator_does_not_leave(cohort):
    lead = facilitator(cohort, state="withdrawn")
    suggestion = new_circle(lead, *members(cohort, 2))

    outcome = release(suggestion)

    assert [reason for _, reason in held(outcome)] == [f"{lead.user.name} isn't accepted at the moment."]


def test_who_joins_a_circle_that_meets_is_introduced_to_it(cohort):
    made = circle(cohort=cohort, members=2)
    (newcomer,) = members(cohort, 1)
    suggestion = joining(made, newcomer)

    release(suggestion)
    releasing.introduce_due(LATER)

    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.partnership) == ("released", made)
    assert newcomer.pk in inside(made)


@pytest.mark.clause("BM-8")
def test_seats_that_others_are_about_to_take_are_taken(cohort):
    made = circle(cohort=cohort, members=2)
    first, second = members(cohort, 2)

    outcomes = [release(joining(made, person)) for person in (first, second)]
    releasing.introduce_due(LATER)

    assert [outcome.released for outcome in outcomes] == [1, 0]
    assert held(outcomes[1]) == [(second.user.name, f"{made} has no seat left for {second.user.name}.")]
    assert made.memberships.current().filter(part="mentee").count() == 3


def test_of_several_who_would_join_those_go_who_find_a_seat(cohort):
    made = circle(cohort=cohort, members=2)
    first, second = members(cohort, 2)

    outcome = release(joining(made, first, second), delay=timedelta(0))

    assert (outcome.released, [name for name, _ in held(outcome)]) == (1, [second.user.name])
    assert {first.pk, second.pk} & inside(made) == {first.pk}


def test_nobody_joins_a_circle_that_has_ended(cohort):
    made = circle(cohort=cohort, members=2)
    suggestion = joining(made, *members(cohort, 1))
    Partnership.objects.update(state="ended", ended_at=NOW, end_reason="office")

    outcome = release(suggestion)

    assert [reason for _, reason in held(outcome)] == ["Only a circle that is active takes further members."]


def test_a_rule_between_a_newcomer_and_the_facilitator_keeps_the_newcomer_out(cohort):
    made = circle(facilitator=facilitator(cohort, user__email="boss@lse.ac.uk"), members=2)
    (newcomer,) = members(cohort, 1, line_manager_email="boss@lse.ac.uk")
    suggestion = joining(made, newcomer)
    release(suggestion)
    cohort.programme.pathways.filter(kind="circle").update(forbids_line_management=True)

    releasing.introduce_due(LATER)

    suggestion.refresh_from_db()
    assert suggestion.held_back == (
        f"A rule keeps {newcomer.user.name} apart from the other: in their line of management."
    )


def test_a_rule_of_pairs_keeps_nobody_out_of_a_circle(cohort):
    made = circle(facilitator=facilitator(cohort, user__email="boss@lse.ac.uk"), members=2)
    suggestion = joining(made, *members(cohort, 1, line_manager_email="boss@lse.ac.uk"))
    cohort.programme.pathways.filter(kind="one_to_one").update(forbids_line_management=True)

    assert release(suggestion).released == 1


@pytest.mark.clause("BM-8")
def test_a_member_who_is_introduced_elsewhere_meanwhile_is_left_out_and_named(cohort):
    lead, people = facilitator(cohort), members(cohort, 3)
    suggestion = new_circle(lead, *people)
    release(suggestion)
    gone, *others = people
    pair(cohort=cohort, mentee=gone)

    releasing.introduce_due(LATER)

    suggestion.refresh_from_db()
    assert inside(suggestion.partnership) == {lead.pk, *(person.pk for person in others)}
    assert suggestion.held_back == f"{gone.user.name} has been introduced already."


def test_who_was_left_behind_joins_by_the_next_run(cohort):
    facilitator(cohort), members(cohort, 2)
    (late,) = members(cohort, 1, accepted=False)
    releasing.release(run(cohort), by=None, at=NOW, delay=timedelta(0))
    made = Partnership.objects.get()
    PolicyAcceptanceFactory(application=late)

    releasing.release(run(cohort), by=None, at=NOW, delay=timedelta(0))

    assert (Partnership.objects.get(), late.pk in inside(made)) == (made, True)
