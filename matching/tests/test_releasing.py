from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from applications.tests.factories import PolicyAcceptanceFactory
from matching.models import Suggestion
from matching.services import deciding, releasing
from matching.tasks import introduce_due
from matching.tests.factories import RunFactory, pairs_of, suggested
from matching.tests.people import mentee, mentor
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.models import Partnership
from partnerships.tests.factories import circle
from programmes.models import Duty
from programmes.tests.factories import DutyFactory, PathwayFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
AT_ONCE = timedelta(0)


def release(run, **details):
    return releasing.release(run, **{"by": None, "at": NOW, **details})


def states(run):
    return list(run.suggestions.order_by("pk").values_list("state", flat=True))


def held(outcome):
    return [row.reason for row in outcome.held_back]


# What a release does, and when


@pytest.mark.clause("EI-M")
def test_a_release_leaves_after_the_delay_and_nothing_exists_for_anybody_before(cohort, admin):
    run = pairs_of(cohort, 2)

    outcome = release(run, by=admin)

    assert (outcome.released, outcome.held_back, outcome.leaves_at) == (2, [], LATER)
    assert (Partnership.objects.count(), Message.objects.count()) == (0, 0)
    assert states(run) == ["leaving", "leaving"]
    assert set(run.suggestions.values_list("leaves_at", "released_by")) == {(LATER, admin.pk)}


@pytest.mark.clause("EI-M")
def test_when_the_moment_has_come_everybody_is_introduced_once(cohort, admin):
    run = pairs_of(cohort, 2)
    release(run, by=admin)

    counts = [releasing.introduce_due(at) for at in (LATER - timedelta(seconds=1), LATER, LATER)]

    assert counts == [0, 2, 0]
    assert states(run) == ["released", "released"]
    assert Partnership.objects.count() == 2
    assert Message.objects.filter(kind="partnerships/email/introduction").count() == 4


def test_the_clock_introduces_who_is_due(cohort, clock):
    run = pairs_of(cohort)
    release(run)
    clock.shift(timedelta(minutes=16))

    assert (introduce_due(), states(run)) == (1, ["released"])


def test_without_a_delay_a_release_introduces_at_once_and_a_second_one_nobody_more(cohort, admin):
    run = pairs_of(cohort, 2)

    first, second = (release(run, by=admin, delay=AT_ONCE) for _ in range(2))

    assert (first.released, first.leaves_at, second.released) == (2, None, 0)
    assert Partnership.objects.count() == 2


def test_only_what_was_chosen_is_released(cohort):
    run = pairs_of(cohort, 2)

    outcome = release(run, suggestions=run.suggestions.order_by("pk")[1:])

    assert (outcome.released, states(run)) == (1, ["proposed", "leaving"])


@pytest.mark.parametrize(
    ("details", "says"),
    [
        ({"is_trial": True}, "A trial of other rules can't be released: save the rules, then run again."),
        ({"state": "failed", "failure": "No."}, "This run isn't done."),
        ({"state": "waiting", "finished_at": None}, "This run isn't done."),
    ],
)
def test_a_trial_and_a_run_that_is_not_done_are_not_released(cohort, details, says):
    run = RunFactory(cohort=cohort, **details)
    suggested(run, mentor(cohort), mentee(cohort))

    with pytest.raises(NotPossible) as refusal:
        release(run)

    assert (str(refusal.value), states(run)) == (says, ["proposed"])


def test_an_older_run_may_be_released_if_everything_holds(cohort):
    older = pairs_of(cohort)
    RunFactory(cohort=cohort)

    assert release(older).released == 1


@pytest.mark.clause("EI-2")
def test_nothing_is_released_into_a_cohort_that_has_ended(cohort):
    run = pairs_of(cohort)

    with pytest.raises(NotPossible, match="ended on 30 April 2026: nobody can be introduced"):
        release(run, at=datetime(2026, 5, 1, 9, tzinfo=UTC))


@pytest.mark.clause("EI-2")
def test_who_leaves_over_the_cohort_s_last_midnight_stays(cohort):
    run = pairs_of(cohort)
    release(run, at=datetime(2026, 4, 30, 22, 55, tzinfo=UTC))

    assert releasing.introduce_due(datetime(2026, 4, 30, 23, 10, tzinfo=UTC)) == 0
    assert "ended on 30 April 2026" in run.suggestions.get().held_back


# Who may


@pytest.mark.clause("ALL-1")
def test_who_does_not_administer_the_programme_releases_and_calls_back_nothing(cohort, admin):
    run, other, stranger = pairs_of(cohort), pairs_of(cohort), DutyFactory().user
    release(other, by=admin)

    with pytest.raises(NotPossible, match="don't administer"):
        release(run, by=stranger)
    with pytest.raises(NotPossible, match="don't administer"):
        releasing.call_back(other.suggestions.all(), by=stranger, at=NOW)
    assert (states(run), states(other)) == (["proposed"], ["leaving"])


def test_nobody_releases_or_calls_back_a_match_of_their_own(cohort, admin):
    run = RunFactory(cohort=cohort)
    suggested(run, mentor(cohort, user=admin), mentee(cohort))

    assert release(run, by=admin).released == 0
    release(run, by=DutyFactory(programme=cohort.programme).user)
    with pytest.raises(NotPossible, match="a match of your own"):
        releasing.call_back(run.suggestions.all(), by=admin, at=NOW)
    assert states(run) == ["leaving"]


def test_nobody_releases_who_joins_a_circle_of_their_own(cohort, admin):
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=2, largest=6)
    made = circle(facilitator=mentor(cohort, user=admin, can_facilitate=True), members=2)
    run = RunFactory(cohort=cohort)
    suggested(run, mentee(cohort, pathway="circle"), pathway="circle", partnership=made)

    assert release(run, by=admin).released == 0


def test_a_release_falls_with_the_right_of_who_released(cohort, admin):
    run = pairs_of(cohort)
    release(run, by=admin)
    Duty.objects.filter(user=admin).delete()

    assert releasing.introduce_due(LATER) == 0
    assert run.suggestions.get().held_back == (
        "Whoever released it no longer administers this programme: release it again."
    )


# Calling back


@pytest.mark.clause("EI-M")
def test_what_is_called_back_leaves_no_trace(cohort, admin):
    run = pairs_of(cohort, 2)
    before = list(Suggestion.objects.order_by("pk").values())
    release(run, by=admin)

    called_back = releasing.call_back(run.suggestions.all(), by=admin, at=NOW)

    assert called_back == 2
    assert list(Suggestion.objects.order_by("pk").values()) == before
    assert releasing.introduce_due(LATER) == 0
    assert (Message.objects.count(), Partnership.objects.count()) == (0, 0)


def test_once_people_are_introduced_it_is_too_late_to_call_back(cohort, admin):
    run = pairs_of(cohort)
    release(run, by=admin)
    releasing.introduce_due(LATER)

    with pytest.raises(NotPossible, match="None of these is on its way"):
        releasing.call_back(run.suggestions.all(), by=admin, at=LATER)


def test_of_several_those_are_called_back_who_have_not_been_introduced(cohort, admin):
    run = pairs_of(cohort, 2)
    one, other = run.suggestions.order_by("pk")
    release(run, by=admin, suggestions=run.suggestions.filter(pk=one.pk), delay=AT_ONCE)
    release(run, by=admin)

    assert releasing.call_back(run.suggestions.all(), by=admin, at=NOW) == 1
    assert states(run) == ["released", "proposed"]


# The rules, at the release and again at the introduction

UNDONE = {
    "withdrawn": ({"state": "withdrawn"}, "{} isn't accepted at the moment."),
    "held": (
        {"hold_until": date(2026, 3, 1), "has_mentor_until": date(2026, 3, 1)},
        "{}'s application is held until 1 March 2026.",
    ),
}


@pytest.mark.parametrize("name", UNDONE)
def test_whoever_went_away_before_the_release_is_named_and_skipped(cohort, name):
    change, says = UNDONE[name]
    run = pairs_of(cohort, 2)
    gone = Application.objects.filter(role="mentee").order_by("pk")[0]
    Application.objects.filter(pk=gone.pk).update(**change)

    outcome = release(run)

    assert (outcome.released, held(outcome)) == (1, [says.format(gone.user.name)])
    assert states(run) == ["proposed", "leaving"]
    assert [row.held_back for row in run.suggestions.order_by("pk")] == [says.format(gone.user.name), ""]


@pytest.mark.parametrize("name", UNDONE)
def test_whoever_goes_away_before_the_introduction_is_named_and_holds_back_nobody_else(cohort, name):
    change, says = UNDONE[name]
    run = pairs_of(cohort, 2)
    gone = Application.objects.filter(role="mentee").order_by("pk")[0]
    release(run)
    Application.objects.filter(pk=gone.pk).update(**change)

    assert releasing.introduce_due(LATER) == 1
    assert states(run) == ["proposed", "released"]
    assert run.suggestions.order_by("pk")[0].held_back == says.format(gone.user.name)


@pytest.mark.clause("EI-1")
def test_nobody_is_released_who_has_not_accepted_the_policy(cohort):
    run = pairs_of(cohort)
    person = Application.objects.get(role="mentee")
    acceptance = person.acceptances.get()
    acceptance.delete()

    outcome = release(run)
    PolicyAcceptanceFactory(application=person)

    assert (outcome.released, held(outcome)) == (
        0,
        [f"{person.user.name} hasn't accepted the policy and guidance yet."],
    )
    assert release(run).released == 1


@pytest.mark.clause("EI-1")
def test_nobody_is_introduced_whose_acceptance_fell_with_a_new_policy(cohort):
    run = pairs_of(cohort)
    release(run)
    person = Application.objects.get(role="mentor")
    person.acceptances.all().delete()

    assert releasing.introduce_due(LATER) == 0
    assert (
        run.suggestions.get().held_back == f"{person.user.name} hasn't accepted the policy and guidance yet."
    )


def test_nobody_is_released_or_introduced_whom_the_programme_s_rules_exclude(cohort):
    early, late = pairs_of(cohort), pairs_of(cohort)
    release(late)
    cohort.programme.requires_school_email_of_mentees = True
    cohort.programme.save()
    excluded = Application.objects.filter(role="mentee").order_by("pk")
    for person in excluded:
        person.user.emailaddress_set.all().delete()

    outcome = release(early)
    releasing.introduce_due(LATER)

    says = [f"{person.user.name}: the programme's rules say no; see the application." for person in excluded]
    assert [*held(outcome), late.suggestions.get().held_back] == says


def test_the_rules_between_two_people_are_asked_at_the_release_and_at_the_introduction(cohort):
    early, late = pairs_of(cohort), pairs_of(cohort)
    release(late)
    cohort.programme.pathways.update(forbids_same_manager=True)
    Application.objects.update(line_manager_email="head@lse.example")

    outcome = release(early)
    releasing.introduce_due(LATER)

    names = [person.user.name for person in Application.objects.filter(role="mentee").order_by("pk")]
    says = [f"A rule keeps {name} apart from the other: under the same line manager." for name in names]
    assert [*held(outcome), late.suggestions.get().held_back] == says


def test_what_was_refused_in_a_later_run_is_not_released_from_an_earlier_one(cohort, admin):
    earlier, later = pairs_of(cohort), RunFactory(cohort=cohort)
    people = [row.application for row in earlier.suggestions.get().members.order_by("pk")]
    suggested(later, *people)
    deciding.refuse(later.suggestions.all(), by=admin, at=NOW)

    outcome = release(earlier)

    assert (outcome.released, states(earlier)) == (0, ["proposed"])
    assert held(outcome)[0].startswith(f"A rule keeps {people[1].user.name} apart from the other: ")


@pytest.mark.clause("BM-8")
def test_a_mentor_who_gave_a_place_up_meanwhile_is_not_given_more(cohort):
    run = RunFactory(cohort=cohort)
    busy = mentor(cohort, places=2)
    for _ in range(2):
        suggested(run, busy, mentee(cohort))
    release(run)
    Application.objects.filter(pk=busy.pk).update(places=1)

    assert releasing.introduce_due(LATER) == 1
    assert states(run) == ["released", "proposed"]
    assert run.suggestions.get(state="proposed").held_back == f"{busy.user.name} has no free place."


def test_a_suggestion_that_lost_somebody_holds_back_no_other(cohort):
    run = pairs_of(cohort, 2)
    release(run)
    broken = run.suggestions.order_by("pk")[0]
    broken.members.filter(part="mentor").delete()

    assert releasing.introduce_due(LATER) == 1
    assert states(run) == ["proposed", "released"]
    assert run.suggestions.get(pk=broken.pk).held_back == (
        "These people don't make a pair, or a circle of the programme's size."
    )


def test_the_number_of_queries_of_a_release_does_not_grow_with_the_pairs(cohort):
    counts = []
    for number in (1, 3):
        run = pairs_of(cohort, number)
        with CaptureQueriesContext(connection) as queries:
            release(run)
        counts.append(len(queries))

    assert counts[0] == counts[1]
