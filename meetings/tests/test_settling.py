from datetime import UTC, date, datetime, timedelta

import pytest
import vobject

from meetings import services
from meetings.models import Meeting
from meetings.tests.factories import PlannedFactory
from meetings.tests.people import members, person
from outbox.models import Message
from outbox.services import message_id
from outbox.tests.factories import MessageFactory
from partnerships.models import EndReason, State
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
THEN = datetime(2026, 1, 15, 17, tzinfo=UTC)


def settle(at=NOW):
    return services.settle_plans(at=at)


def letters():
    return Message.objects.filter(kind="meetings/email/plan_settled").order_by("pk")


def state_of(meeting):
    return Meeting.objects.values_list("state", "place").get(pk=meeting.pk)


def close(partnership, how, at=NOW):
    if how == "paused":
        partnership.move_to(State.PAUSED, at=at)
    else:
        end(partnership, by=None, at=at, reason=how)


@pytest.mark.clause("EI-2", "EI-6a")
@pytest.mark.parametrize("how", ["paused", EndReason.OFFICE, EndReason.LEAVING])
def test_what_is_planned_in_a_pause_or_after_an_early_end_is_cancelled_and_all_are_told_once(how):
    partnership = circle()
    meeting = PlannedFactory(partnership=partnership, place="Room 3")
    close(partnership, how)

    assert (settle(), settle()) == (1, 0)

    assert state_of(meeting) == ("cancelled", "")
    assert {row.key for row in letters()} == {f"plan/{meeting.pk}/1/{row.pk}" for row in members(partnership)}
    event = vobject.readOne(letters().first().calendar)
    assert (event.method.value, event.vevent.sequence.value) == ("CANCEL", "1")


@pytest.mark.clause("EI-6a")
def test_the_letter_of_a_pause_says_neither_why_nor_who():
    partnership = pair()
    PlannedFactory(partnership=partnership)
    close(partnership, "paused")

    settle()

    letter = letters().get(to=person(partnership).email)
    when = "Thursday 15 January 2026, 17:00 (London)"
    sentence = f"The meeting of {when} is cancelled, since your partnership is paused."
    assert [body.count(sentence) for body in (letter.text, letter.html)] == [1, 1]
    assert person(partnership, "mentor").name not in letter.text


@pytest.mark.clause("EI-2")
def test_nobody_hears_anything_once_the_programme_has_ended():
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership)
    close(partnership, EndReason.PROGRAMME)
    before = Message.objects.count()

    assert settle() == 1

    assert (state_of(meeting), Message.objects.count()) == (("cancelled", ""), before)


@pytest.mark.clause("EI-2")
def test_nobody_hears_anything_after_the_cohorts_last_day_however_it_ended():
    partnership = pair(cohort=CohortFactory(ends_on=date(2026, 1, 13)))
    PlannedFactory(partnership=partnership)
    close(partnership, EndReason.OFFICE)

    settle()

    assert letters().count() == 0


def test_waiting_words_about_the_plan_are_kept_back():
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership)
    keys = (f"plan/{meeting.pk}/0/1", f"day-before/{partnership.pk}/{meeting.pk}/0/1")
    waiting = [MessageFactory(key=key) for key in keys]
    close(partnership, EndReason.PROGRAMME)

    settle()

    assert {Message.objects.get(pk=row.pk).state for row in waiting} == {"withdrawn"}


def test_active_partnerships_keep_their_plans():
    meeting = PlannedFactory(partnership=pair(), place="Room 3")

    assert (settle(), state_of(meeting)) == (0, ("planned", "Room 3"))


@pytest.mark.clause("EI-1b", "EI-2")
def test_what_has_passed_can_be_logged_as_long_as_meetings_are_taken_and_is_then_noted_as_not_held():
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership, starts_at=NOW - timedelta(hours=1))
    close(partnership, EndReason.PROGRAMME)
    closed = NOW + timedelta(days=partnership.cohort.programme.card_closes_after_days, seconds=1)
    before = Message.objects.count()

    assert (settle(closed - timedelta(seconds=1)), state_of(meeting)[0]) == (0, "planned")
    assert (settle(closed), state_of(meeting)[0]) == (1, "missed")
    assert Message.objects.count() == before


def test_what_has_passed_waits_in_a_pause():
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership, starts_at=NOW - timedelta(hours=1))
    close(partnership, "paused")

    assert (settle(), state_of(meeting)[0]) == (0, "planned")


@pytest.mark.clause("EI-6")
@pytest.mark.parametrize(("at", "place"), [(datetime(2026, 1, 15, 23, 59, tzinfo=UTC), "Room 3"), (None, "")])
def test_where_people_met_is_forgotten_once_the_day_is_over(at, place):
    meeting = PlannedFactory(partnership=pair(), place="Room 3")

    settle(at or datetime(2026, 1, 16, 0, 0, tzinfo=UTC))

    assert state_of(meeting) == ("planned", place)


def test_a_plan_that_cannot_be_settled_holds_back_no_other(caplog):
    broken, whole = (PlannedFactory(partnership=pair()) for _ in range(2))
    for row in (broken, whole):
        close(row.partnership, "paused")
    key = f"plan/{broken.pk}/1/{members(broken.partnership)[0].pk}"
    MessageFactory(key="somebody else's", message_id=message_id(key))  # so that this letter can't be kept

    assert settle() == 1

    assert (state_of(broken)[0], state_of(whole)[0]) == ("planned", "cancelled")
    assert [record.message for record in caplog.records] == [f"Meeting {broken.pk} could not be settled."]


def test_a_quiet_sweep_asks_as_much_for_one_plan_as_for_three(django_assert_num_queries):
    PlannedFactory(partnership=pair())
    with django_assert_num_queries(3):
        settle()
    for _ in range(2):
        PlannedFactory(partnership=pair())

    with django_assert_num_queries(3):
        assert settle() == 0
