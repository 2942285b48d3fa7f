from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.tests.factories import UserFactory
from meetings import services
from meetings.models import Meeting
from meetings.tests.acts import (
    LATER,
    NOW,
    OUTSIDE,
    THEN,
    cancel,
    change,
    letters,
    miss,
    plan,
)
from meetings.tests.factories import PlannedFactory
from meetings.tests.people import members, person, refusal
from outbox.tests.factories import MessageFactory
from partnerships.models import EndReason
from partnerships.services import end
from partnerships.tests.factories import pair
from programmes.tests.factories import CohortFactory

pytestmark = pytest.mark.django_db


# Change


def test_a_change_reaches_everybody_once_and_takes_the_place_of_what_has_not_left():
    partnership = pair()
    meeting = plan(partnership)

    change(meeting, starts_at=THEN + timedelta(hours=1))

    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence, meeting.planned_at) == (THEN + timedelta(hours=1), 1, LATER)
    assert {row.key for row in letters("plan_changed")} == {
        f"plan/{meeting.pk}/1/{member.pk}" for member in members(partnership)
    }
    assert {row.state for row in letters()} == {"withdrawn"}


def test_a_change_keeps_back_the_word_of_the_day_before():
    meeting = plan(pair())
    waiting = MessageFactory(key=f"day-before/{meeting.partnership_id}/{meeting.pk}/0/1")

    change(meeting, minutes=30)

    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


def test_nothing_changed_is_nothing_sent():
    meeting = plan(pair())

    change(meeting)

    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.planned_at, letters("plan_changed").count()) == (0, NOW, 0)
    assert {row.state for row in letters()} == {"waiting"}


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"starts_at": NOW}, "That moment has passed already. Plan what is to come; log what was held."),
        ({"minutes": 4}, "Give a length between 5 and 480 minutes."),
        ({"format": "letter"}, "Choose video call or in person."),
        ({"place": "ftp://meet.example"}, "A link must begin with https://."),
        ({"by": "outsider"}, OUTSIDE),
        ({"starts_at": THEN + timedelta(days=1)}, "Another meeting is planned for that moment already."),
    ],
)
def test_a_change_that_cannot_be_is_refused(facts, sentence):
    meeting = plan(pair())
    PlannedFactory(partnership=meeting.partnership, starts_at=THEN + timedelta(days=1))
    facts = facts | ({"by": UserFactory()} if "by" in facts else {})

    assert refusal(change, meeting, **facts) == sentence
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (THEN, 0)


def test_a_plan_that_has_passed_can_be_moved_to_another_day():
    meeting = plan(pair())
    after = THEN + timedelta(hours=2)

    moved = change(meeting, starts_at=THEN + timedelta(days=1), at=after)

    assert (moved.state, moved.starts_at) == ("planned", THEN + timedelta(days=1))


def test_what_is_planned_no_more_is_not_changed():
    meeting = cancel(plan(pair()))

    assert refusal(change, meeting, minutes=30) == "This meeting is “cancelled” already."


# Cancel, and say that it didn't take place


@pytest.mark.clause("EI-6")
def test_a_cancelled_plan_forgets_its_place_and_everybody_hears_of_it():
    meeting = plan(pair())

    cancel(meeting)

    meeting.refresh_from_db()
    assert (meeting.state, meeting.place, meeting.sequence) == ("cancelled", "", 1)
    assert letters("plan_cancelled").count() == 2


def test_cancelling_twice_is_once():
    meeting = cancel(plan(pair()))

    cancel(meeting, at=LATER + timedelta(minutes=1))

    assert (letters("plan_cancelled").count(), Meeting.objects.get().sequence) == (2, 1)


def test_what_has_passed_is_not_cancelled():
    meeting = plan(pair())

    assert refusal(cancel, meeting, at=THEN) == "Its time has passed: say whether it took place."


def test_who_is_outside_cancels_nothing_and_marks_nothing():
    meeting = plan(pair())

    assert [refusal(verb, meeting, by=UserFactory()) for verb in (cancel, miss)] == [OUTSIDE] * 2


@pytest.mark.clause("EI-6")
def test_a_missed_meeting_forgets_its_place_and_the_others_hear_of_it():
    partnership = pair()
    meeting = plan(partnership)

    miss(meeting, by=person(partnership, "mentor"))

    meeting.refresh_from_db()
    assert (meeting.state, meeting.place, meeting.held_on) == ("missed", "", None)
    assert {row.to for row in letters("plan_missed")} == {
        member.application.user.email for member in members(partnership)
    }


def test_missed_twice_is_once():
    meeting = miss(plan(pair()))

    miss(meeting)

    assert letters("plan_missed").count() == 2


def test_what_lies_ahead_is_not_missed():
    meeting = plan(pair())

    said = refusal(miss, meeting, at=THEN - timedelta(minutes=1))

    assert said == "Its time is still to come: change or cancel it."


def test_what_was_missed_is_said_to_be_so_when_it_is_cancelled():
    meeting = miss(plan(pair()))

    said = refusal(cancel, meeting, at=THEN + timedelta(hours=1))

    assert said == "This meeting is “didn’t take place” already."


@pytest.mark.parametrize("verb", [cancel, miss])
def test_what_was_held_is_neither_cancelled_nor_missed(verb):
    partnership = pair()
    planned = plan(partnership, starts_at=NOW + timedelta(hours=1))
    services.log_meeting(
        partnership,
        by=person(partnership),
        held_on=NOW.date(),
        minutes=60,
        format="video",
        is_official=False,
        frequency="weekly",
        at=LATER,
    )

    assert refusal(verb, planned) == "This meeting is “held” already."


@pytest.mark.clause("EI-2")
def test_after_the_end_of_the_programme_a_missed_meeting_is_noted_without_a_word():
    partnership = pair(cohort=CohortFactory(ends_on=date(2026, 1, 20)))
    meeting = plan(partnership)
    over = datetime(2026, 1, 21, 3, tzinfo=UTC)
    end(partnership, by=None, at=over, reason=EndReason.PROGRAMME)

    miss(meeting, at=over)

    assert (Meeting.objects.get().state, letters("plan_missed").count()) == ("missed", 0)


def test_a_meeting_that_was_struck_meanwhile_is_said_to_be_gone():
    meeting = plan(pair())
    Meeting.objects.all().delete()

    assert refusal(cancel, meeting) == "This meeting isn’t noted any more."
