from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.services import become_nobody
from matching import solving
from matching.criteria import Criteria
from matching.engine import Progress
from matching.models import MatchRun, RunRecord, Suggestion
from matching.services import runs
from matching.tests.factories import RunFactory
from matching.tests.people import NOW, mentee, mentor, people_of, run
from mentorship.lib.refusals import NotPossible
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory

pytestmark = pytest.mark.django_db
STATE = MatchRun.State


def start(cohort, **choices):
    return runs.start(**{"cohort": cohort, "by": None, "at": NOW, **choices})


def carry_out(run, at=NOW):
    done = runs.carry_out(run, at=at)
    run.refresh_from_db()
    return done


def test_asking_for_a_run_only_notes_it(cohort):
    mentor(cohort), mentee(cohort)

    asked = start(cohort, seed=7)

    assert (asked.state, asked.seed, asked.suggestions.count()) == (STATE.WAITING, 7, 0)
    assert asked.criteria["one_to_one"]["weights"] == {"sectors": 3}


def test_nothing_is_stored_of_somebody_who_is_erased_while_the_engine_works(cohort, monkeypatch):
    mentor(cohort)
    person, solve = mentee(cohort), solving.solve

    def meanwhile(*given, **named):
        become_nobody(person.user)
        return solve(*given, **named)

    monkeypatch.setattr(solving, "solve", meanwhile)
    asked = start(cohort)
    carry_out(asked)

    assert (asked.state, asked.suggestions.count(), RunRecord.objects.count()) == (STATE.CANCELLED, 0, 0)


def test_the_worker_carries_out_what_waits_one_after_the_other(cohort):
    mentor(cohort), mentee(cohort)
    asked = [start(cohort), start(cohort)]

    assert runs.carry_out_waiting(lambda: NOW) == 2
    assert runs.carry_out_waiting(lambda: NOW) == 0
    first, second = (people_of(one) for one in asked)
    assert first == second != set()


def test_a_run_is_carried_out_once(cohort):
    mentor(cohort), mentee(cohort)
    asked = start(cohort)

    assert [carry_out(asked), carry_out(asked)] == [True, False]
    assert Suggestion.objects.count() == 1


def test_a_run_whose_worker_fell_silent_has_failed_and_is_not_taken_up_again(cohort):
    silent = NOW - runs.SILENT_FOR - timedelta(seconds=1)
    abandoned, alive = (
        RunFactory(
            cohort=cohort, state=STATE.RUNNING, claim=uuid4(), alive_at=at, finished_at=None, input_hash=""
        )
        for at in (silent, NOW)
    )

    assert runs.carry_out_waiting(lambda: NOW) == 0

    abandoned.refresh_from_db(), alive.refresh_from_db()
    assert [abandoned.state, alive.state] == [STATE.FAILED, STATE.RUNNING]
    assert abandoned.failure == "The worker stopped in the middle of it. Please run it again."


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_lot_that_cannot_be_kept_is_refused(cohort, seed):
    with pytest.raises(NotPossible, match="The lot is a number from 0 to"):
        start(cohort, seed=seed)


def test_a_trial_in_which_nothing_counts_is_refused(cohort):
    with pytest.raises(NotPossible, match="At least one part must count"):
        start(cohort, trying={"one_to_one": Criteria(weights={"sectors": 0})})


def test_a_worker_whose_run_was_taken_over_stores_nothing(cohort):
    asked = RunFactory(
        cohort=cohort, state=STATE.RUNNING, claim=uuid4(), alive_at=NOW, finished_at=None, input_hash=""
    )
    pulse = runs._Pulse(MatchRun.objects.filter(pk=asked.pk, claim=uuid4()))

    with pytest.raises(runs.Cancelled):
        pulse(Progress("total", 1, 0, 0.0))


def test_the_worker_shows_how_far_it_is_and_stops_where_the_run_is_not_wanted(cohort, admin):
    claim = uuid4()
    asked = RunFactory(
        cohort=cohort, state=STATE.RUNNING, claim=claim, alive_at=NOW, finished_at=None, input_hash=""
    )
    ours = MatchRun.objects.filter(pk=asked.pk, claim=claim)

    runs._Pulse(ours)(Progress("total", 3, 1200, 0.5))
    asked.refresh_from_db()
    assert asked.progress == "Round 3: 1,200 people placed so far"

    runs.cancel(asked, by=admin, at=NOW)
    with pytest.raises(runs.Cancelled):
        runs._Pulse(ours)(Progress("total", 4, 1300, 1.5))


def test_a_run_that_waits_is_cancelled_at_once_and_never_carried_out(cohort, admin):
    asked = start(cohort)

    runs.cancel(asked, by=admin, at=NOW)

    assert carry_out(asked) is False
    assert (asked.state, asked.finished_at) == (STATE.CANCELLED, NOW)


def test_a_run_that_has_finished_cannot_be_cancelled(cohort, admin):
    with pytest.raises(NotPossible, match="finished already"):
        runs.cancel(run(cohort), by=admin, at=NOW)


def test_what_the_engine_refuses_is_kept_as_a_sentence(cohort, admin, with_circles):
    from matching.tests.factories import DecisionFactory

    lead = mentor(cohort, places=0, can_facilitate=True)
    alone = mentee(cohort, pathway="circle")
    DecisionFactory(cohort=cohort, pathway="circle", mentee=alone, mentor=lead)
    asked = start(cohort)

    carry_out(asked)

    assert (asked.state, asked.input_hash) == (STATE.FAILED, "")
    assert asked.failure.startswith("The locked places can't all be kept")
    with pytest.raises(NotPossible, match="locked places"):
        run(cohort)


def test_a_run_keeps_its_input_and_certificate(cohort):
    mentor(cohort), mentee(cohort)

    made = run(cohort)

    assert RunRecord.objects.get(run=made).certificate["pairs"] == [[0, 0]]
    assert len(made.input_hash) == 64


def test_names_and_addresses_are_not_in_what_a_run_keeps(cohort):
    from matching import records

    people = [mentor(cohort, line_manager_email="boss@lse.example"), mentee(cohort)]

    kept = records.unpacked(run(cohort).record.input).decode()

    secrets = [person.user.name for person in people] + [person.user.email for person in people]
    assert [word for word in [*secrets, "boss@lse.example"] if word in kept] == []


def test_a_trial_says_what_the_rules_in_force_give_and_changes_none_of_them(cohort):
    mentor(cohort, "Law", band=9), mentee(cohort, "Law")

    trial = run(cohort, trying={"one_to_one": Criteria(weights={"level": 4})})

    assert trial.is_trial
    assert trial.criteria["one_to_one"]["weights"] == {"level": 4}
    assert trial.comparison["in_force"]["total"] == 10_000
    assert list(cohort.programme.pathways.get().weights.values_list("part", "strength")) == [("sectors", 3)]


@pytest.mark.clause("ALL-1")
def test_who_does_not_administer_the_programme_starts_and_cancels_nothing(cohort):
    stranger = DutyFactory(programme=CohortFactory().programme).user
    asked = start(cohort)

    for act in (
        lambda: start(cohort, by=stranger),
        lambda: runs.cancel(asked, by=stranger, at=NOW),
    ):
        with pytest.raises(NotPossible, match="don't administer"):
            act()


def test_a_cohort_that_has_ended_is_not_matched(cohort):
    cohort.ends_on = NOW.date() - timedelta(days=1)

    with pytest.raises(NotPossible, match="nobody to match any more"):
        start(cohort)


def test_one_person_of_another_cohort_is_refused(cohort):
    other = CohortFactory(programme=cohort.programme, slug="other")

    with pytest.raises(NotPossible, match="applied to another cohort"):
        start(cohort, only_for=mentee(other))


def test_nobody_looks_for_a_match_of_their_own(cohort, admin):
    with pytest.raises(NotPossible, match="match of your own"):
        start(cohort, by=admin, only_for=mentee(cohort, user=admin))


def test_a_pathway_that_there_is_not_is_refused_before_anything_is_noted(cohort):
    with pytest.raises(NotPossible, match="doesn't have that pathway"):
        start(cohort, pathway="circle")

    assert MatchRun.objects.count() == 0


def test_the_order_in_which_people_signed_up_decides_nothing(cohort):
    """The same people under other numbers get other lots, but never another total."""
    PathwayFactory(programme=CohortFactory().programme)
    mentor(cohort, "Law", places=1), mentor(cohort, "Finance", places=1)
    mentee(cohort, "Finance"), mentee(cohort, "Law"), mentee(cohort, "Art")

    totals = {run(cohort, seed=seed).total for seed in range(3)}

    assert totals == {20_000}
