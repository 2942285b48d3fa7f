"""Releases, introductions, answers and decisions at the same moment, by several people and workers (BM-8)."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from applications.models import Application, State
from applications.services import deciding
from matching.models import Offer, Suggestion
from matching.services import deciding as deciding_on_matches
from matching.services import offering, releasing
from matching.tests.factories import RunFactory, pairs_of, suggested
from matching.tests.people import mentee, mentor
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.models import Membership, Partnership
from programmes.tests.factories import DutyFactory
from tests.at_once import at_once

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("BM-8"),
]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
AT_ONCE = timedelta(0)


def introduced():
    return list(Membership.objects.current().order_by("application").values_list("application", flat=True))


def states():
    return list(Suggestion.objects.order_by("pk").values_list("state", flat=True))


def crossed_runs(cohort, people=8):
    """Four runs that give the same mentors, of one place each, to the same mentees in four ways."""
    mentors, mentees = [mentor(cohort) for _ in range(people)], [mentee(cohort) for _ in range(people)]
    pairs = list(zip(mentors, mentees, strict=True))
    crossed = list(zip(mentors, [*mentees[1:], mentees[0]], strict=True))
    runs = []
    for order in (pairs, pairs[::-1], crossed, crossed[::-1]):
        run = RunFactory(cohort=cohort)
        for pair in order:
            suggested(run, *pair)
        runs.append(run)
    return runs, sorted(application.pk for application in [*mentors, *mentees])


@pytest.mark.parametrize("delay", [AT_ONCE, timedelta(minutes=15)])
def test_overlapping_releases_wait_for_one_another_and_introduce_everybody_once(cohort, delay):
    runs, everybody = crossed_runs(cohort)
    admins = [DutyFactory(programme=cohort.programme).user for _ in runs]

    at_once(
        *(
            partial(releasing.release, run, by=by, at=NOW, delay=delay)
            for run, by in zip(runs, admins, strict=True)
        )
    )
    releasing.introduce_due(LATER)

    assert introduced() == everybody
    assert sorted(set(states())) == ["proposed", "released"]


@pytest.mark.parametrize("attempt", range(2))
def test_a_release_beside_the_sweep_gives_no_place_twice(cohort, attempt):
    runs, everybody = crossed_runs(cohort)
    releasing.release(runs[0], by=None, at=NOW)

    at_once(
        partial(releasing.introduce_due, LATER),
        *(partial(releasing.release, run, by=None, at=LATER, delay=AT_ONCE) for run in runs[1:]),
    )

    assert introduced() == everybody
    assert set(runs[0].suggestions.values_list("state", flat=True)) == {"released"}


@pytest.mark.parametrize("attempt", range(2))
def test_several_sweeps_introduce_everybody_once(cohort, attempt):
    releasing.release(pairs_of(cohort, 8), by=None, at=NOW)

    at_once(*[partial(releasing.introduce_due, LATER)] * 4)

    assert (states(), Partnership.objects.count()) == (["released"] * 8, 8)
    assert Message.objects.filter(kind="partnerships/email/introduction").count() == 16


@pytest.mark.clause("BM-7")
def test_circles_swept_at_once_all_begin_each_with_a_number_of_its_own(cohort, with_circles):
    run = RunFactory(cohort=cohort)
    for _ in range(5):
        lead = mentor(cohort, places=0, can_facilitate=True)
        members = [mentee(cohort, pathway="circle") for _ in range(2)]
        suggested(run, lead, *members, pathway="circle", state="leaving", leaves_at=NOW)

    at_once(*[partial(releasing.introduce_due, NOW)] * 4)

    names = Partnership.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == [f"Circle {number}" for number in range(1, 6)]
    assert states() == ["released"] * 5


def test_a_refusal_during_the_sweep_holds_for_who_is_not_introduced_yet(cohort, admin):
    run = RunFactory(cohort=cohort)
    for _ in range(2):
        suggested(run, mentor(cohort), mentee(cohort), state="leaving", leaves_at=NOW)
    sweep = releasing._Sweep(cohort, at=NOW)
    first, second = run.suggestions.order_by("pk")
    sweep.all([first.pk])
    lead, follower = (second.members.get(part=part).application for part in ("mentor", "mentee"))
    twin = suggested(RunFactory(cohort=cohort), lead, follower)
    deciding_on_matches.refuse(
        Suggestion.objects.filter(pk=twin.pk), by=admin, at=NOW, for_ever=True, reason="They asked us."
    )

    sweep.all([second.pk])

    second.refresh_from_db()
    assert (second.state, Partnership.objects.count()) == ("proposed", 1)


@pytest.mark.parametrize("attempt", range(2))
def test_of_a_call_back_and_the_sweep_each_pair_follows_one(cohort, admin, attempt):
    run = pairs_of(cohort, 8)
    releasing.release(run, by=admin, at=NOW)

    def call_back_one_by_one():
        """From the last to the first, so that it meets the sweep."""
        for suggestion in run.suggestions.order_by("-pk"):
            with suppress(NotPossible):
                releasing.call_back(run.suggestions.filter(pk=suggestion.pk), by=admin, at=LATER)

    at_once(partial(releasing.introduce_due, LATER), call_back_one_by_one)

    released = states().count("released")
    assert released + states().count("proposed") == 8
    assert (Partnership.objects.count(), len(introduced())) == (released, 2 * released)
    assert Message.objects.count() == 2 * released


@pytest.mark.parametrize("attempt", range(2))
def test_of_an_answer_and_the_lapse_of_an_offer_one_holds(cohort, admin, attempt):
    run = pairs_of(cohort, 8)
    offers = [offering.offer(suggestion, by=admin, at=NOW) for suggestion in run.suggestions.order_by("pk")]
    Offer.objects.update(answer_by=NOW.date() - timedelta(days=1))
    Message.objects.update(state="sent", sent_at=NOW)
    before, after = NOW - timedelta(days=1), NOW

    at_once(
        partial(offering.lapse_offers, after),
        partial(offering.lapse_offers, after),
        *(
            partial(offering.answer, offer, by=offer.application.user, at=before, yes=True)
            for offer in offers[::-1]
        ),
    )

    pairs = set(Offer.objects.values_list("state", "suggestion__state"))
    assert pairs <= {("accepted", "leaving"), ("lapsed", "proposed")}
    lapsed = Offer.objects.filter(state="lapsed").count()
    assert Message.objects.filter(kind="matching/email/offer_lapsed").count() == lapsed


@pytest.mark.parametrize("attempt", range(2))
def test_of_several_answers_to_an_offer_one_holds(cohort, admin, attempt):
    offer = offering.offer(pairs_of(cohort).suggestions.get(), by=admin, at=NOW)
    say = partial(offering.answer, offer, by=offer.application.user, at=NOW)

    at_once(*[partial(say, yes=True), partial(say, yes=False)] * 3)

    assert Offer.objects.values_list("state", "suggestion__state").get() in [
        ("accepted", "leaving"),
        ("declined", "refused"),
    ]


def test_a_place_is_offered_or_released_and_never_both(cohort, admin):
    runs, _ = crossed_runs(cohort, people=2)
    chosen = [run.suggestions.order_by("pk")[0] for run in runs]

    at_once(
        *(partial(offering.offer, suggestion, by=admin, at=NOW) for suggestion in chosen),
        partial(releasing.release, runs[2], by=admin, at=NOW),
    )

    held = Suggestion.objects.holding_places().values_list("members__application", flat=True)
    assert len(held) == len(set(held))


@pytest.mark.parametrize("attempt", range(2))
@pytest.mark.parametrize("delay", [AT_ONCE, timedelta(minutes=15)])
def test_whoever_is_introduced_at_the_moment_of_a_decision_is_not_decided_any_more(cohort, attempt, delay):
    run = pairs_of(cohort, 8)
    mentees = list(cohort.applications.filter(role="mentee").order_by("-pk"))
    one, other = (DutyFactory(programme=cohort.programme).user for _ in range(2))
    if delay:
        releasing.release(run, by=one, at=NOW, delay=delay)

    at_once(
        partial(releasing.introduce_due, LATER)
        if delay
        else partial(releasing.release, run, by=one, at=NOW, delay=AT_ONCE),
        partial(deciding.decide, mentees, to=State.WAITLISTED, by=other, at=LATER),
    )

    together = Membership.objects.current().filter(part="mentee").values_list("application", flat=True)
    waiting = Application.objects.filter(state=State.WAITLISTED).values_list("pk", flat=True)
    assert sorted([*together, *waiting]) == sorted(person.pk for person in mentees)
