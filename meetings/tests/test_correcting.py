from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.tests.factories import UserFactory
from meetings import services
from meetings.models import Meeting
from meetings.tests.factories import MeetingFactory, noted
from meetings.tests.people import members, person, refusal
from outbox.models import Message
from partnerships.models import EndReason, State
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
HELD_ON = date(2025, 12, 10)
FACTS = {"held_on": HELD_ON, "minutes": 60, "format": "video", "is_official": False}
OUTSIDE = "Only the people in this partnership can do this."


def by_mentor(partnership, **facts):
    """A meeting that the mentor noted: they have confirmed it, nobody else has."""
    mentor = members(partnership)[0].application.user
    return noted(partnership, confirmed_by=[mentor], logged_by=mentor, **facts)


def correct(meeting, **facts):
    by = person(meeting.partnership)
    return services.correct(meeting, **{"by": by, "at": NOW, **FACTS, **facts})


def confirm(meeting, by=None):
    return services.confirm(meeting, by=by or person(meeting.partnership), at=NOW)


def strike(meeting, by=None):
    return services.strike(meeting, by=by or person(meeting.partnership), at=NOW)


def confirmed(meeting):
    rows = meeting.attendances.filter(confirmed_at__isnull=False)
    return set(rows.values_list("membership__application__user", flat=True))


def there(meeting):
    return set(meeting.attendances.values_list("membership", flat=True))


# Confirm


@pytest.mark.clause("BM-7")
def test_the_other_side_confirms_once_however_often_they_say_so():
    partnership = pair()
    meeting = by_mentor(partnership)

    for minutes in (0, 5):
        services.confirm(meeting, by=person(partnership), at=NOW + timedelta(minutes=minutes))

    mine = meeting.attendances.get(membership=members(partnership, "mentee")[0])
    assert mine.confirmed_at == NOW
    assert Message.objects.count() == 0


@pytest.mark.clause("BM-7")
def test_who_was_not_ticked_confirms_nothing_and_is_told_to_correct_it():
    partnership = circle()
    facilitator, first, *_, last = members(partnership)
    meeting = noted(partnership, present=[facilitator, first])

    said = refusal(confirm, meeting, by=last.application.user)

    assert said == "You aren’t noted as having been there. If you were, correct it."
    assert there(meeting) == {facilitator.pk, first.pk}


# Correct


@pytest.mark.clause("EI-1b", "EI-6")
def test_either_side_sets_the_facts_right_and_only_the_corrector_has_confirmed_them():
    partnership = pair()
    meeting = by_mentor(partnership)

    correct(meeting, held_on=date(2025, 12, 12), minutes=45, format="in_person")

    meeting.refresh_from_db()
    assert (meeting.held_on, meeting.minutes, meeting.format) == (date(2025, 12, 12), 45, "in_person")
    assert (meeting.logged_by, meeting.logged_at) == (person(partnership), NOW)
    assert confirmed(meeting) == {person(partnership).pk}
    assert there(meeting) == {member.pk for member in members(partnership)}


def test_the_other_is_told_once_with_the_facts_and_no_name():
    partnership = pair()
    meeting = by_mentor(partnership)
    mentor, mentee = person(partnership, "mentor"), person(partnership)

    correct(meeting, minutes=45)

    letter = Message.objects.get()
    assert (letter.to, letter.subject, letter.kind) == (
        mentor.email,
        "Your mentoring programme",
        "meetings/email/corrected",
    )
    sentence = "It now says: Wednesday 10 December 2025, video call, 45 minutes."
    for body in (letter.text, letter.html):
        assert (body.count(sentence), body.count(mentee.name), body.count(mentee.email)) == (1, 0, 0)


def test_two_corrections_are_two_messages():
    meeting = by_mentor(pair())

    correct(meeting, minutes=45)
    correct(meeting, minutes=30, at=NOW + timedelta(minutes=1))

    assert Message.objects.count() == 2


def test_a_correction_that_changes_nothing_is_a_confirmation_without_a_message():
    partnership = pair()
    meeting = by_mentor(partnership)

    correct(meeting)

    assert confirmed(meeting) == {member.application.user_id for member in members(partnership)}
    assert Message.objects.count() == 0


@pytest.mark.clause("BM-7")
def test_in_a_circle_nobody_confirms_for_another_by_correcting_nothing():
    partnership = circle()
    facilitator, first, second, _ = members(partnership)
    meeting = noted(partnership, present=[facilitator, first, second])

    correct(meeting, by=first.application.user, attendees=[facilitator, first, second])

    assert confirmed(meeting) == {first.application.user_id}


@pytest.mark.clause("BM-7")
def test_in_a_circle_somebody_who_was_not_ticked_adds_themselves_and_all_others_there_are_told():
    partnership = circle()
    facilitator, first, second, last = members(partnership)
    meeting = noted(partnership, present=[facilitator, first, second])

    correct(meeting, by=last.application.user, attendees=[facilitator, first, last])

    assert there(meeting) == {facilitator.pk, first.pk, last.pk}
    assert confirmed(meeting) == {last.application.user_id}
    assert {letter.to for letter in Message.objects.all()} == {
        row.application.user.email for row in (facilitator, first, second)
    }


@pytest.mark.clause("BM-7")
def test_attendance_of_who_has_left_a_circle_since_stays():
    partnership = circle()
    facilitator, first, second, left = members(partnership)
    meeting = noted(partnership, present=[facilitator, left])
    left.left_on = date(2026, 1, 5)
    left.save()

    correct(meeting, by=first.application.user, attendees=[facilitator, first])

    assert there(meeting) == {facilitator.pk, first.pk, left.pk}
    assert {letter.to for letter in Message.objects.all()} == {facilitator.application.user.email}


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"held_on": date(2026, 1, 15)}, "That day is still to come. Log the meeting once you have met."),
        ({"minutes": 4}, "Give a length between 5 and 480 minutes."),
        ({"format": "letter"}, "Choose video call or in person."),
        ({"is_official": True}, "This programme doesn't count official meetings."),
        (
            {"held_on": date(2026, 1, 7)},
            "A meeting on 7 January 2026 is logged already. One a day is enough: please choose another day, or"
            " correct that one on your page.",
        ),
    ],
)
def test_facts_that_cannot_be_are_refused(facts, sentence):
    meeting = by_mentor(pair())
    MeetingFactory(partnership=meeting.partnership, held_on=date(2026, 1, 7))

    assert refusal(correct, meeting, **facts) == sentence
    assert (Meeting.objects.get(pk=meeting.pk).held_on, Message.objects.count()) == (HELD_ON, 0)


def test_a_circle_of_one_is_no_meeting_after_a_correction_either():
    partnership = circle()
    meeting = noted(partnership)

    said = refusal(correct, meeting, attendees=members(partnership)[:1])

    assert said == "Tick everybody who was there: it takes two at least to meet."


# Strike


def test_a_meeting_that_was_never_planned_is_noted_no_more_and_the_other_is_told():
    partnership = pair()
    meeting = by_mentor(partnership)

    strike(meeting)

    letter = Message.objects.get()
    assert Meeting.objects.count() == 0
    assert (letter.to, letter.kind) == (person(partnership, "mentor").email, "meetings/email/struck")
    sentence = "Your partner has said that the meeting of Wednesday 10 December 2025 didn"
    assert [body.count(sentence) for body in (letter.text, letter.html)] == [1, 1]


def test_one_that_was_planned_is_noted_as_not_held():
    partnership = pair()
    then = datetime(2025, 12, 10, 17, tzinfo=UTC)
    meeting = by_mentor(partnership, starts_at=then, planned_at=then)

    strike(meeting)

    meeting.refresh_from_db()
    assert (meeting.state, meeting.held_on, meeting.logged_at, meeting.logged_by) == (
        "missed",
        None,
        None,
        None,
    )
    assert meeting.attendances.count() == 0


def test_what_was_struck_can_be_logged_again():
    partnership = pair()
    then = datetime(2025, 12, 10, 17, tzinfo=UTC)
    meeting = by_mentor(partnership, starts_at=then, planned_at=then)
    strike(meeting)

    again = services.log_meeting(partnership, by=person(partnership), frequency="weekly", at=NOW, **FACTS)

    assert (again, again.state) == (meeting, "held")


def test_striking_twice_says_so():
    meeting = by_mentor(pair())
    strike(meeting)

    assert refusal(strike, meeting) == "This meeting isn’t noted any more."


# Who may


@pytest.mark.clause("EI-6")
@pytest.mark.parametrize("verb", [confirm, correct, strike])
@pytest.mark.parametrize("who", ["somebody else", "the office"])
def test_nobody_outside_touches_what_is_noted(verb, who):
    meeting = by_mentor(pair())
    by = UserFactory()
    if who == "the office":
        DutyFactory(user=by, programme=meeting.partnership.cohort.programme)

    assert refusal(verb, meeting, by=by) == OUTSIDE


@pytest.mark.parametrize("verb", [confirm, correct, strike])
def test_nothing_noted_changes_in_a_pause(verb):
    meeting = by_mentor(pair())
    meeting.partnership.move_to(State.PAUSED, at=NOW)

    assert refusal(verb, meeting).startswith("The programme’s team has paused this partnership")


@pytest.mark.clause("EI-2")
@pytest.mark.parametrize("verb", [confirm, correct, strike])
def test_nothing_noted_changes_after_the_office_ended_it(verb):
    meeting = by_mentor(pair())
    end(meeting.partnership, by=None, at=NOW, reason=EndReason.OFFICE)

    assert refusal(verb, meeting) == "This partnership has ended, so nothing about it changes any more."


@pytest.mark.clause("EI-2")
def test_while_meetings_are_taken_after_the_programme_they_are_confirmed_too():
    partnership = pair()
    meeting = by_mentor(partnership)
    over = datetime(2026, 5, 1, 3, tzinfo=UTC)
    end(partnership, by=None, at=over, reason=EndReason.PROGRAMME)

    services.confirm(meeting, by=person(partnership), at=over)

    assert person(partnership).pk in confirmed(meeting)


@pytest.mark.parametrize("verb", [confirm, correct, strike])
def test_what_was_not_held_has_nothing_to_confirm_or_correct(verb):
    then = datetime(2025, 12, 10, 17, tzinfo=UTC)
    meeting = by_mentor(pair(), starts_at=then, planned_at=then)
    strike(meeting)

    assert refusal(verb, meeting) == "This meeting isn’t noted as held."
