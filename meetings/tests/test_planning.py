from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from accounts.tests.factories import UserFactory
from meetings.models import Meeting
from meetings.tests.acts import (
    ENDED,
    LATER,
    NOW,
    OUTSIDE,
    PAUSED,
    THEN,
    cancel,
    change,
    entry,
    letters,
    miss,
    plan,
)
from meetings.tests.people import living, members, person, refusal
from outbox.models import Message
from outbox.tests.factories import MessageFactory
from partnerships.models import EndReason, State
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db


# Plan


@pytest.mark.clause("EI-1b", "BM-6")
@pytest.mark.parametrize("how", ["video", "in_person"])
@pytest.mark.parametrize("part", ["mentor", "mentee"])
def test_either_side_plans_a_meeting_in_either_way(part, how):
    partnership = pair()

    plan(partnership, by=person(partnership, part), format=how)

    facts = ("state", "starts_at", "minutes", "format", "place", "planned_by", "planned_at", "sequence")
    assert Meeting.objects.values_list(*facts).get() == (
        "planned",
        THEN,
        60,
        how,
        "https://meet.example/42",
        person(partnership, part).pk,
        NOW,
        0,
    )


@pytest.mark.parametrize("make", [pair, circle])
def test_everybody_gets_one_message_with_the_calendar_entry(make):
    partnership = make()

    meeting = plan(partnership)

    assert {(row.key, row.to, row.subject, row.programme) for row in letters()} == {
        (
            f"plan/{meeting.pk}/0/{member.pk}",
            member.application.user.email,
            "Your mentoring programme",
            partnership.cohort.programme.slug,
        )
        for member in members(partnership)
    }


def test_everybody_reads_the_time_in_their_own_zone_and_in_nobody_elses():
    partnership = pair()
    tokyo, angeles = (
        living(partnership, "mentor", "Asia/Tokyo"),
        living(partnership, "mentee", "America/Los_Angeles"),
    )

    plan(partnership)

    for reader, own, other in [
        (tokyo, "Wednesday 21 January 2026, 02:00 (Tokyo)", "Angeles"),
        (angeles, "Tuesday 20 January 2026, 09:00 (Los Angeles)", "Tokyo"),
    ]:
        letter = letters().get(to=reader.email)
        for body in (letter.text, letter.html):
            assert (body.count(own), body.count(other), body.count("London")) == (1, 0, 0)


@pytest.mark.clause("EI-4b", "EI-5b")
def test_the_letter_names_nobody_but_its_reader():
    partnership = pair()
    mentor, mentee = person(partnership, "mentor"), person(partnership, "mentee")

    plan(partnership, by=mentor)

    letter = letters().get(to=mentee.email)
    assert letter.text.startswith(f"Dear {mentee.name},\n\nYour partner has planned a meeting:")
    assert (
        letters().get(to=mentor.email).text.startswith(f"Dear {mentor.name},\n\nYou have planned a meeting:")
    )
    for body in (letter.text, letter.html, letter.calendar):
        assert (body.count(mentor.name), body.count(mentor.email)) == (0, 0)


def test_in_a_circle_it_is_somebody_of_the_circle():
    partnership = circle()
    reader = person(partnership, "facilitator")

    plan(partnership)

    assert (
        "Somebody in your circle has planned a meeting of the circle:" in letters().get(to=reader.email).text
    )


def test_a_plan_keeps_back_the_reminders_of_these_people():
    partnership = pair()
    waiting = MessageFactory(key=f"nudge/{person(partnership).pk}/1", to=person(partnership).email)

    plan(partnership)

    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


def test_the_same_plan_again_from_either_side_is_the_one_that_is_there():
    partnership = pair()

    first = plan(partnership, by=person(partnership, "mentor"))
    again = plan(partnership, by=person(partnership, "mentee"))

    assert (again, Meeting.objects.count(), Message.objects.count()) == (first, 1, 2)


@pytest.mark.parametrize("other", [{"minutes": 30}, {"format": "in_person"}, {"place": ""}])
def test_another_plan_for_the_same_moment_is_refused(other):
    partnership = pair()
    plan(partnership)

    said = refusal(plan, partnership, **other)

    assert said == "A meeting at that moment is planned already: change that one."
    assert Meeting.objects.count() == 1


def test_after_a_cancelled_one_the_same_moment_is_free_again():
    partnership = pair()
    first = cancel(plan(partnership))

    assert plan(partnership, at=LATER) != first


@pytest.mark.clause("EI-2")
@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"starts_at": NOW}, "That moment has passed already. Plan what is to come; log what was held."),
        (
            {"starts_at": datetime(2026, 4, 30, 23, tzinfo=UTC)},
            "The programme ends on 30 April 2026. You are free to meet afterwards, and nobody plans it here.",
        ),
        ({"minutes": 4}, "Give a length between 5 and 480 minutes."),
        ({"minutes": 481}, "Give a length between 5 and 480 minutes."),
        ({"format": "letter"}, "Choose video call or in person."),
        ({"place": "http://meet.example/42"}, "A link must begin with https://."),
        ({"place": "Here: javascript://x or https://meet.example"}, "A link must begin with https://."),
        ({"place": "x" * 201}, "Keep the place to 200 characters."),
    ],
)
def test_a_plan_that_cannot_be_is_refused(facts, sentence):
    assert refusal(plan, pair(), **facts) == sentence
    assert (Meeting.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.clause("EI-2")
def test_the_last_moment_of_the_last_day_at_the_school_is_possible():
    last = datetime(2026, 4, 30, 22, 59, tzinfo=UTC)  # one minute to midnight in London

    assert plan(pair(), starts_at=last).starts_at == last


def test_a_place_is_one_line():
    assert plan(pair(), place="  Room 3,\n\tfirst   floor ").place == "Room 3, first floor"


@pytest.mark.parametrize("who", ["somebody else", "the office", "who has left"])
def test_only_the_people_in_it_plan(who):
    partnership = circle()
    by = UserFactory()
    if who == "the office":
        DutyFactory(user=by, programme=partnership.cohort.programme)
    if who == "who has left":
        left = members(partnership, "mentee")[0]
        left.left_on = date(2026, 1, 5)
        left.save()
        by = left.application.user

    assert refusal(plan, partnership, by=by) == OUTSIDE


@pytest.mark.clause("EI-6a")
def test_nothing_is_planned_changed_cancelled_or_missed_in_a_pause():
    partnership = pair()
    meeting = plan(partnership)
    partnership.move_to(State.PAUSED, at=LATER)

    assert [
        refusal(plan, partnership, starts_at=THEN + timedelta(days=1)),
        refusal(change, meeting, minutes=30),
        refusal(cancel, meeting),
        refusal(miss, meeting),
    ] == [PAUSED] * 4


@pytest.mark.clause("EI-2")
def test_nothing_is_planned_after_the_end():
    partnership = pair()
    end(partnership, by=None, at=NOW, reason=EndReason.OFFICE)

    assert refusal(plan, partnership) == ENDED


# The entries, read back by two other libraries


def history(partnership, reader):
    """A plan, its change and its end, as the reader's messages carry them."""
    meeting = plan(partnership)
    change(meeting, starts_at=THEN + timedelta(hours=1))
    cancel(meeting)
    rows = Message.objects.filter(to=reader.email).exclude(calendar="").order_by("pk")
    return list(rows)


def test_one_entry_is_invited_changed_and_taken_back_under_one_uid_with_growing_numbers():
    partnership = pair()

    entries = [entry(message) for message in history(partnership, person(partnership))]

    assert len({event.uid.value for event, _ in entries}) == 1
    assert [(method, event.sequence.value, event.status.value) for event, method in entries] == [
        ("REQUEST", "0", "CONFIRMED"),
        ("REQUEST", "1", "CONFIRMED"),
        ("CANCEL", "2", "CANCELLED"),
    ]


@pytest.mark.clause("EI-4b", "EI-5b", "EI-6")
def test_an_entry_has_a_neutral_title_its_reader_alone_and_nothing_of_anybody_else():
    partnership = pair()
    reader, other = person(partnership, "mentee"), person(partnership, "mentor")

    for message in history(partnership, reader):
        event, _ = entry(message)
        assert event.summary.value == "Your mentoring programme"
        assert [row.value for row in event.attendee_list] == [f"MAILTO:{reader.email}"]
        assert event.url.value == f"https://mentoring.example/partnerships/{partnership.pk}/"
        for word in (
            reader.name,
            other.name,
            other.email,
            partnership.cohort.programme.name,
            "Zone",
            "London",
        ):
            assert word not in message.calendar


def test_two_people_have_the_same_entry_but_for_the_address():
    partnership = pair()
    plan(partnership)

    mentor, mentee = (
        letters()
        .get(to=person(partnership, part).email)
        .calendar.replace(person(partnership, part).email, "…")
        for part in ("mentor", "mentee")
    )

    assert mentor == mentee


def test_another_reader_of_calendars_finds_the_same_moment_and_place():
    plan(pair(), minutes=45)

    event = icalendar.Calendar.from_ical(letters().first().calendar).walk("VEVENT")[0]

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (THEN, THEN + timedelta(minutes=45))
    assert str(event["location"]) == "https://meet.example/42"


def test_the_entry_of_a_plan_that_ended_has_no_place_any_more():
    partnership = pair()

    ended = history(partnership, person(partnership))[-1]

    assert "meet.example" not in ended.calendar + ended.text + ended.html


def test_nobody_is_flooded_with_plans():
    partnership = pair()
    for number in range(10):
        cancel(plan(partnership, starts_at=THEN + timedelta(hours=number)))

    said = refusal(plan, partnership, starts_at=THEN + timedelta(days=3))

    assert said == "That is a lot of plans for one day. Please go on tomorrow."
    assert plan(partnership, starts_at=THEN + timedelta(days=3), at=NOW + timedelta(days=3)).pk
