from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.tests.factories import UserFactory
from meetings import services
from meetings.models import ContactFrequency, Meeting
from meetings.tests.acts import (
    NOW,
    TODAY,
    log,
)
from meetings.tests.factories import ContactFrequencyFactory, PlannedFactory
from meetings.tests.people import members, person, refusal
from outbox.models import Message
from outbox.tests.factories import MessageFactory
from partnerships.models import EndReason, State
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def official():
    """A cohort of a programme with three official meetings."""
    return CohortFactory(programme__official_meetings=3)


# Log a meeting


@pytest.mark.clause("EI-1b")
@pytest.mark.parametrize("how", ["video", "in_person"])
@pytest.mark.parametrize("part", ["mentor", "mentee"])
def test_either_side_of_a_pair_logs_an_official_meeting_in_either_way(official, how, part):
    partnership = pair(cohort=official)

    meeting = log(partnership, by=person(partnership, part), format=how, is_official=True)

    assert Meeting.objects.values_list("held_on", "minutes", "format", "is_official", "logged_by").get() == (
        TODAY,
        60,
        how,
        True,
        person(partnership, part).pk,
    )
    assert {row.membership for row in meeting.attendances.all()} == set(members(partnership))


@pytest.mark.clause("EI-6")
def test_nobody_outside_the_partnership_logs_for_it():
    partnership = pair()

    assert refusal(log, partnership, by=UserFactory()) == "Only the people in this partnership can do this."
    assert Meeting.objects.count() == 0


def test_who_has_left_logs_nothing_more():
    partnership = circle()
    left = members(partnership, "mentee")[0]
    left.left_on = date(2026, 1, 5)
    left.save()

    said = refusal(log, partnership, by=left.application.user, attendees=members(partnership)[1:])

    assert said == "Only the people in this partnership can do this."


@pytest.mark.clause("EI-2")
def test_nothing_is_logged_for_a_partnership_that_has_ended():
    partnership = pair()
    someone = person(partnership)
    end(partnership, by=None, at=NOW, reason=EndReason.OFFICE)

    said = refusal(log, partnership, by=someone)

    assert said == "This partnership has ended, so nothing about it changes any more."


OVER = datetime(2026, 5, 1, 3, tzinfo=UTC)  # the night after the cohort's last day
LAST_DAY = date(2026, 4, 30)


def over(partnership):
    """The partnership after its programme has ended it."""
    return end(partnership, by=None, at=OVER, reason=EndReason.PROGRAMME)


@pytest.mark.clause("EI-1b", "EI-2")
def test_a_meeting_of_the_last_days_is_still_logged_while_cards_are_open_and_then_no_more(official):
    partnership = over(pair(cohort=official))
    closed = OVER + timedelta(days=official.programme.card_closes_after_days, seconds=1)
    facts = {"held_on": LAST_DAY, "is_official": True, "frequency": None}

    said = refusal(log, partnership, at=closed, **facts)
    meeting = log(partnership, at=closed - timedelta(seconds=1), **facts)

    assert said == "This partnership has ended, so nothing about it changes any more."
    assert Meeting.objects.get() == meeting
    assert {row.membership for row in meeting.attendances.all()} == set(members(partnership))
    assert ContactFrequency.objects.count() == 0


@pytest.mark.clause("BM-7")
def test_a_meeting_of_the_last_days_of_a_circle_is_logged_with_who_stayed_to_its_end():
    partnership = over(circle())
    there = members(partnership)[:2]

    meeting = log(partnership, attendees=there, held_on=LAST_DAY, frequency=None, at=OVER)

    assert {row.membership for row in meeting.attendances.all()} == set(there)


@pytest.mark.clause("EI-2")
def test_a_day_after_the_programme_stays_uncounted_when_the_partnership_has_ended():
    said = refusal(log, over(pair()), held_on=date(2026, 5, 1), at=OVER)

    assert said.startswith("The programme ended on 30 April 2026.")


@pytest.mark.clause("EI-2")
def test_who_left_before_the_end_logs_nothing_for_it():
    partnership = circle()
    left = members(partnership, "mentee")[0]
    left.left_on = date(2026, 1, 5)
    left.save()
    over(partnership)

    said = refusal(log, partnership, by=left.application.user, held_on=LAST_DAY, at=OVER)

    assert said == "Only the people in this partnership can do this."


@pytest.mark.clause("EI-2")
def test_the_end_leaves_what_was_agreed_as_it_was():
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")
    over(partnership)

    said = refusal(
        services.change_frequency, partnership, by=person(partnership), frequency="monthly", at=OVER
    )

    assert said == "This partnership has ended, so nothing about it changes any more."


@pytest.mark.parametrize(
    ("held_on", "sentence"),
    [
        (date(2026, 1, 15), "That day is still to come. Log the meeting once you have met."),
        (date(2025, 11, 30), "You were introduced on 1 December 2025: choose that day or a later one."),
    ],
)
def test_a_meeting_lies_between_the_introduction_and_today(held_on, sentence):
    assert refusal(log, pair(), held_on=held_on) == sentence


@pytest.mark.parametrize("held_on", [date(2025, 12, 1), TODAY])
def test_the_day_of_the_introduction_and_today_are_both_possible(held_on):
    assert log(pair(), held_on=held_on).held_on == held_on


def test_today_is_the_day_at_the_school():
    """At half past midnight of a summer's night in London it is still the day before in UTC."""
    partnership = pair(cohort=CohortFactory(ends_on=date(2026, 9, 30)))
    at = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)

    assert log(partnership, held_on=date(2026, 6, 2), at=at).held_on == date(2026, 6, 2)


@pytest.mark.clause("EI-2")
def test_a_meeting_after_the_last_day_of_the_cohort_is_not_counted():
    partnership = pair(cohort=CohortFactory(ends_on=date(2026, 1, 10)))

    said = refusal(log, partnership, held_on=date(2026, 1, 11))

    assert said == (
        "The programme ended on 10 January 2026. You are free to go on meeting, and nobody counts it any"
        " more."
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"minutes": 4}, "Give a length between 5 and 480 minutes."),
        ({"minutes": 481}, "Give a length between 5 and 480 minutes."),
        ({"format": "letter"}, "Choose video call or in person."),
        ({"is_official": True}, "This programme doesn't count official meetings."),
        ({"frequency": "sometimes"}, "Choose one of the ways of keeping in touch."),
    ],
)
def test_facts_that_cannot_be_are_refused(facts, sentence):
    assert refusal(log, pair(), **facts) == sentence
    assert Meeting.objects.count() == 0


def test_the_same_facts_for_the_same_day_make_one_meeting_whoever_sends_them():
    partnership = pair()

    first = log(partnership, by=person(partnership, "mentee"))
    again = log(partnership, by=person(partnership, "mentor"), frequency=None)

    assert (again, Meeting.objects.count()) == (first, 1)
    assert first.attendances.count() == 2


@pytest.mark.parametrize("other", [{"minutes": 45}, {"format": "in_person"}])
def test_other_facts_for_the_same_day_are_refused_kindly_and_change_nothing(other):
    partnership = pair()
    log(partnership)

    said = refusal(log, partnership, **other)

    assert said == (
        "A meeting on 14 January 2026 is logged already. One a day is enough: please choose another day, or"
        " correct that one on your page."
    )
    assert Meeting.objects.values_list("minutes", "format").get() == (60, "video")


def test_a_logged_meeting_keeps_back_the_reminders_of_these_people_alone():
    partnership, other = pair(), pair()
    for user in (person(partnership), person(other)):
        MessageFactory(key=f"nudge/{user.pk}/1", to=user.email)

    log(partnership)

    states = dict(Message.objects.values_list("to", "state"))
    assert states == {person(partnership).email: "withdrawn", person(other).email: "waiting"}


# Who has confirmed it


def confirmed(meeting):
    rows = meeting.attendances.select_related("membership__application__user")
    return {row.membership.application.user for row in rows if row.confirmed_at}


@pytest.mark.clause("BM-7")
def test_who_logs_a_meeting_has_confirmed_being_there_and_the_other_has_not():
    partnership = pair()

    meeting = log(partnership, by=person(partnership, "mentor"))

    assert confirmed(meeting) == {person(partnership, "mentor")}
    assert meeting.attendances.get(membership=members(partnership, "mentor")[0]).confirmed_at == NOW


@pytest.mark.clause("BM-7")
def test_the_same_facts_from_the_other_side_are_a_confirmation():
    partnership = pair()

    meeting = log(partnership, by=person(partnership, "mentor"))
    log(partnership, by=person(partnership, "mentee"))

    assert confirmed(meeting) == {person(partnership, "mentor"), person(partnership, "mentee")}


@pytest.mark.clause("BM-7")
def test_who_sends_the_same_facts_again_confirms_for_themselves_alone():
    partnership = circle()
    facilitator, first, *_ = everybody = members(partnership)

    meeting = log(partnership, by=facilitator.application.user, attendees=everybody, frequency=None)
    log(partnership, by=first.application.user, attendees=everybody, frequency=None)

    assert confirmed(meeting) == {facilitator.application.user, first.application.user}


def test_who_logs_a_circle_without_having_been_there_confirms_nothing():
    partnership = circle()
    facilitator, *others = members(partnership)

    meeting = log(partnership, by=facilitator.application.user, attendees=others)

    assert confirmed(meeting) == set()


# The office logs for people


@pytest.mark.clause("EI-1b", "BM-7")
@pytest.mark.parametrize("make", [pair, circle])
def test_the_office_logs_for_people_and_confirms_nobody(make):
    partnership = make()
    office = DutyFactory(programme=partnership.cohort.programme).user

    meeting = log(partnership, by=office, attendees=members(partnership), frequency=None)

    assert (meeting.logged_by, confirmed(meeting)) == (office, set())
    assert {row.membership for row in meeting.attendances.all()} == set(members(partnership))


@pytest.mark.clause("EI-1c")
def test_what_a_pair_agreed_is_still_asked_after_the_office_logged_its_first_meeting():
    partnership = pair()
    office = DutyFactory(programme=partnership.cohort.programme).user
    log(partnership, by=office, held_on=date(2026, 1, 7), frequency=None)

    said = refusal(log, partnership, frequency=None)

    assert said == "Say how often you have agreed to be in touch between meetings."


@pytest.mark.clause("ALL-1")
def test_the_office_of_another_programme_logs_nothing_here():
    said = refusal(log, pair(), by=DutyFactory().user)

    assert said == "Only the people in this partnership can do this."


# What was planned for that day


@pytest.mark.clause("EI-1b", "EI-6")
@pytest.mark.parametrize("state", ["planned", "missed"])
def test_what_was_planned_for_the_day_becomes_the_meeting_and_its_place_is_forgotten(state):
    partnership = pair()
    place = "Room 3" if state == "planned" else ""
    planned = PlannedFactory(
        partnership=partnership, state=state, place=place, starts_at=NOW - timedelta(hours=1)
    )

    meeting = log(partnership, minutes=45)

    assert Meeting.objects.get() == meeting == planned
    assert (meeting.state, meeting.held_on, meeting.minutes, meeting.place) == ("held", TODAY, 45, "")
    assert meeting.attendances.count() == 2


@pytest.mark.parametrize("state", ["cancelled", "planned"])
def test_what_was_cancelled_or_is_planned_for_another_day_stays_as_it_is(state):
    partnership = pair()
    starts_at = NOW if state == "cancelled" else NOW + timedelta(days=1)
    planned = PlannedFactory(partnership=partnership, state=state, starts_at=starts_at)

    meeting = log(partnership)

    planned.refresh_from_db()
    assert (meeting == planned, planned.state) == (False, state)


def test_the_day_of_a_plan_is_the_schools():
    """Half past midnight of a summer's night in London is the day before in UTC."""
    partnership = pair(cohort=CohortFactory(ends_on=date(2026, 9, 30)))
    planned = PlannedFactory(partnership=partnership, starts_at=datetime(2026, 6, 1, 23, 30, tzinfo=UTC))

    meeting = log(partnership, held_on=date(2026, 6, 2), at=datetime(2026, 6, 2, 9, tzinfo=UTC))

    assert meeting == planned


def test_the_plan_that_is_open_comes_before_the_one_that_was_missed():
    partnership = pair()
    PlannedFactory(partnership=partnership, state="missed", starts_at=NOW - timedelta(hours=2))
    still_open = PlannedFactory(partnership=partnership, starts_at=NOW - timedelta(hours=1))

    assert log(partnership) == still_open


@pytest.mark.clause("EI-6a")
def test_nothing_is_logged_in_a_pause():
    partnership = pair()
    partnership.move_to(State.PAUSED, at=NOW)

    assert refusal(log, partnership) == (
        "The programme’s team has paused this partnership: nothing is due, and nothing is planned or logged."
    )
