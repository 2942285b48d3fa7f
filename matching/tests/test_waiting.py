from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from matching.models import Suggestion
from matching.services import offering, releasing, waiting
from matching.tests.factories import ExclusionFactory, RunFactory, pairs_of, suggested
from matching.tests.people import mentee, mentor
from matching.waiting import NEVER_IN_A_RUN, FreePlaces, free_places, waiting_list
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DutyFactory, OptionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


def waits(cohort, day=7, **details):
    return mentee(cohort, submitted_at=datetime(2025, 10, day, 9, tzinfo=UTC), **details)


def listed(cohort, viewer):
    return waiting_list(cohort, viewer=viewer, on=TODAY)


def reasons(cohort, viewer):
    return [row.reason for row in listed(cohort, viewer)]


# Who waits, and in what order


def test_who_waits_longest_comes_first_with_a_truthful_place(cohort, admin):
    second, first, third = waits(cohort, 8), waits(cohort, 7), waits(cohort, 8)

    rows = listed(cohort, admin)

    assert [(row.application, row.place, row.of) for row in rows] == [
        (first, 1, 3),
        (second, 2, 3),
        (third, 3, 3),
    ]


def test_whoever_has_a_partner_or_is_about_to_have_one_does_not_wait(cohort, admin):
    pair(cohort=cohort)
    releasing.release(pairs_of(cohort), by=admin, at=NOW)
    left = waits(cohort)

    assert [row.application for row in listed(cohort, admin)] == [left]


@pytest.mark.clause("BM-9")
@pytest.mark.parametrize(
    "details",
    [
        {"state": "submitted"},
        {"state": "withdrawn"},
        {"state": "waitlisted"},
        {"hold_until": date(2026, 3, 1), "has_mentor_until": date(2026, 3, 1)},
        {"user__is_active": False},
    ],
)
def test_who_is_not_accepted_or_is_on_hold_does_not_wait(cohort, admin, details):
    waits(cohort, **details)

    assert listed(cohort, admin) == []


@pytest.mark.clause("BM-9")
def test_who_was_on_hold_waits_again_on_the_day(cohort, admin):
    waits(cohort, hold_until=TODAY, has_mentor_until=TODAY)

    assert len(listed(cohort, admin)) == 1


@pytest.mark.clause("ALL-1")
def test_a_list_has_people_of_its_cohort_only(cohort, admin):
    waits(CohortFactory())

    assert listed(cohort, admin) == []


# Why


def test_the_reason_is_that_of_the_latest_whole_run_which_is_done(cohort, admin):
    person = waits(cohort)
    runs = [
        RunFactory(cohort=cohort),
        RunFactory(cohort=cohort),
        RunFactory(cohort=cohort, is_trial=True),
        RunFactory(cohort=cohort, only_for=person),
        RunFactory(cohort=cohort, state="failed", failure="No."),
    ]
    for number, run in enumerate(runs):
        ExclusionFactory(run=run, application=person, reason=f"Reason {number}.")

    (row,) = listed(cohort, admin)

    assert (row.reason, row.run) == ("Reason 1.", runs[1])


def test_who_has_not_been_in_a_run_is_said_to_be_so(cohort, admin):
    waits(cohort)

    assert reasons(cohort, admin) == [NEVER_IN_A_RUN]


@pytest.mark.parametrize(
    ("details", "says"),
    [
        ({}, "Suggested, and not released yet."),
        ({"held_back": "The mentor isn't accepted."}, "The mentor isn't accepted."),
        ({"state": "refused"}, "What was suggested was refused."),
        ({"state": "offered"}, "A place is offered."),
    ],
)
def test_what_was_suggested_since_counts_more_than_an_older_reason(cohort, admin, details, says):
    person = waits(cohort)
    ExclusionFactory(run=RunFactory(cohort=cohort), application=person)
    suggestion = suggested(RunFactory(cohort=cohort), mentor(cohort), person, **details)

    (row,) = listed(cohort, admin)

    assert (row.reason, row.run) == (says, suggestion.run)


def test_who_had_a_partner_waits_again(cohort, admin):
    made = pair(cohort=cohort)
    person = made.memberships.get(part="mentee").application
    suggested(RunFactory(cohort=cohort), person, state="released", partnership=made)
    made.memberships.update(left_on=TODAY)

    assert reasons(cohort, admin) == ["Was introduced, and has no partner any more."]


# What was said, and what could be offered


def test_what_could_be_offered_and_what_is_offered_stands_there(cohort, admin):
    person, run = waits(cohort), RunFactory(cohort=cohort)
    suggestion = suggested(run, mentor(cohort), person)
    (before,) = listed(cohort, admin)
    offer = offering.offer(suggestion, by=admin, at=NOW)

    (after,) = listed(cohort, admin)

    assert (before.suggestion, before.offer) == (suggestion, None)
    assert (after.suggestion, after.offer) == (None, offer)


def test_a_match_for_one_person_alone_can_be_offered_too(cohort, admin):
    person = waits(cohort)
    suggestion = suggested(RunFactory(cohort=cohort, only_for=person), mentor(cohort), person)

    assert [row.suggestion for row in listed(cohort, admin)] == [suggestion]


def test_nothing_of_a_trial_can_be_offered(cohort, admin):
    person = waits(cohort)
    suggested(RunFactory(cohort=cohort, is_trial=True), mentor(cohort), person)

    assert [(row.suggestion, row.reason) for row in listed(cohort, admin)] == [(None, NEVER_IN_A_RUN)]


def test_an_administrator_who_takes_part_reads_nothing_of_their_own_match(cohort, admin):
    run = RunFactory(cohort=cohort)
    own = waits(cohort, 7, user=admin)
    suggested(run, mentor(cohort), own, held_back="Canary.")
    suggested(run, mentor(cohort, user=admin), waits(cohort, 8), held_back="Canary.")

    rows = listed(cohort, admin)

    assert [(row.is_own, row.suggestion, row.run) for row in rows] == [
        (True, None, None),
        (False, None, None),
    ]
    assert [row.reason for row in rows] == [
        "A colleague looks after this one.",
        "Suggested, and not released yet.",
    ]


def test_free_places_are_those_that_nobody_holds_or_is_promised(cohort, admin, with_circles):
    pair(cohort=cohort)
    mentor(cohort, places=2)
    mentor(cohort, places=3, hold_until=date(2026, 3, 1), has_mentor_until=date(2026, 3, 1))
    mentor(cohort, places=0, can_facilitate=True)
    circle(cohort=cohort, members=2)
    releasing.release(pairs_of(cohort), by=admin, at=NOW)

    assert free_places(cohort, on=TODAY) == FreePlaces(pairs=2, facilitators=1, seats=1)


def test_the_list_costs_the_same_for_one_person_and_for_three(cohort, admin):
    counts = []
    for number in (1, 2):
        run = RunFactory(cohort=cohort)
        for _ in range(number):
            offering.offer(suggested(run, mentor(cohort), waits(cohort)), by=admin, at=NOW)
            ExclusionFactory(run=run, application=waits(cohort))
            suggested(run, mentor(cohort), waits(cohort))
        with CaptureQueriesContext(connection) as queries:
            listed(cohort, admin)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# The letter


def write(*people, by, at=NOW):
    return waiting.write(people, by=by, at=at)


def test_a_person_has_the_letter_once(cohort, admin):
    person = waits(cohort)

    counts = [write(person, by=admin), write(person, waits(cohort), by=admin)]

    assert counts == [1, 1]
    assert [row.letter.created_at for row in listed(cohort, admin)] == [NOW, NOW]
    assert Message.objects.filter(kind="matching/email/waiting", to=person.user.email).count() == 1


def test_the_letter_names_what_they_asked_for_and_what_comes_next(cohort, admin, with_circles):
    person = waits(cohort, pathway="one_to_one")
    for fact, name in (("sectors", "Law"), ("support_areas", "CV writing")):
        getattr(person, fact).add(OptionFactory(programme=cohort.programme, fact=fact, name=name))

    write(person, by=admin)

    message = Message.objects.get()
    for text in (message.text, message.html):
        assert f"Dear {person.user.name}," in text
        assert "sectors: Law" in text
        assert "support with: CV writing" in text
        assert "we offer it to you by e-mail" in text
        assert "You asked for one-to-one mentoring only" in text
        assert "30 April 2026" in text
    assert message.subject == "Your mentoring programme"


@pytest.mark.parametrize(
    ("pathway", "looked_for", "advice"),
    [
        ("circle", "looked for a seat in a mentoring circle for you", "You asked for a circle only"),
        ("either", "looked for a mentor or a seat in a mentoring circle for you", "need not do anything"),
        ("", "looked for a mentor or a seat in a mentoring circle for you", "need not do anything"),
    ],
)
def test_the_letter_fits_the_pathway(cohort, admin, with_circles, pathway, looked_for, advice):
    write(waits(cohort, pathway=pathway), by=admin)

    text = Message.objects.get().text
    assert (text.count(looked_for), text.count(advice)) == (1, 1)


def test_the_letter_says_nothing_of_others_and_no_place(cohort, admin):
    first, second = waits(cohort, 7), waits(cohort, 8)

    write(second, by=admin)

    text = Message.objects.get().text
    assert first.user.name not in text
    assert "2 of 2" not in text


def test_who_does_not_wait_any_more_is_not_written_to(cohort, admin):
    run = pairs_of(cohort)
    person = Application.objects.get(role="mentee")
    releasing.release(run, by=admin, at=NOW)

    assert (write(person, by=admin), Message.objects.count()) == (0, 0)
    assert Suggestion.objects.get().state == "leaving"


def test_nobody_is_told_that_there_is_no_place_who_has_an_open_offer(cohort, admin):
    person = waits(cohort)
    offering.offer(suggested(RunFactory(cohort=cohort), mentor(cohort), person), by=admin, at=NOW)

    assert write(person, by=admin) == 0


@pytest.mark.clause("ALL-1")
def test_another_programme_s_people_are_not_written_to(cohort):
    person = waits(cohort)

    with pytest.raises(NotPossible, match="don't administer"):
        write(person, by=DutyFactory().user)
    assert Message.objects.count() == 0


@pytest.mark.clause("EI-2")
def test_nobody_is_written_to_after_the_end(cohort, admin):
    person = waits(cohort)

    with pytest.raises(NotPossible, match="nobody waits in it any more"):
        write(person, by=admin, at=datetime(2026, 5, 1, 9, tzinfo=UTC))


def test_a_letter_costs_the_same_queries_for_one_person_and_for_three(cohort, admin):
    counts = []
    for number in (1, 3):
        people = [waits(cohort) for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            write(*people, by=admin)
        counts.append(len(queries))

    assert counts[0] == counts[1]
