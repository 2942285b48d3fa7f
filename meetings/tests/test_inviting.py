from datetime import UTC, date, datetime, timedelta

import pytest
import vobject

from meetings import services
from meetings.services.inviting import follow_members
from meetings.tests.people import members, person
from outbox.models import Message
from outbox.services import message_id
from outbox.tests.factories import MessageFactory
from partnerships.models import State
from partnerships.tests.factories import MembershipFactory, circle, pair

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-7")]

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
FACTS = {"starts_at": datetime(2026, 1, 20, 17, tzinfo=UTC), "minutes": 60, "format": "video"}


def planned(partnership):
    return services.plan(
        partnership, by=person(partnership), place="https://meet.example/42", at=NOW, **FACTS
    )


def joins(partnership, on=date(2026, 1, 14)):
    return MembershipFactory(
        partnership=partnership,
        application__cohort=partnership.cohort,
        application__pathway="circle",
        joined_on=on,
    )


def leaves(partnership):
    row = members(partnership, "mentee")[-1]
    row.left_on = date(2026, 1, 14)
    row.save()
    return row


def last_to(member):
    return Message.objects.filter(to=member.application.user.email).order_by("-pk").first()


def event(message):
    calendar = vobject.readOne(message.calendar)
    return calendar.method.value, calendar.vevent.uid.value, calendar.vevent.sequence.value


def test_who_joins_a_circle_is_invited_once_to_what_is_planned():
    partnership = circle()
    meeting = planned(partnership)
    newcomer = joins(partnership)

    assert (follow_members(at=LATER), follow_members(at=LATER)) == (1, 0)

    assert last_to(newcomer).key == f"plan/{meeting.pk}/0/{newcomer.pk}"
    assert event(last_to(newcomer)) == event(last_to(members(partnership)[0]))


def test_who_has_left_a_circle_has_it_in_their_calendar_no_more_and_reads_no_place():
    partnership = circle()
    planned(partnership)
    invited = event(last_to(members(partnership, "mentee")[-1]))
    left = leaves(partnership)

    assert (follow_members(at=LATER), follow_members(at=LATER)) == (1, 0)

    letter = last_to(left)
    assert (letter.kind, event(letter)) == ("meetings/email/plan_left", ("CANCEL", *invited[1:]))
    assert "meet.example" not in letter.text + letter.html + letter.calendar
    assert set(
        Message.objects.filter(key__startswith="plan/", to=letter.to).values_list("state", flat=True)
    ) == {"withdrawn"}


def test_who_left_before_the_plan_hears_nothing_of_it():
    partnership = circle()
    leaves(partnership)
    planned(partnership)

    assert follow_members(at=LATER) == 0


def test_who_is_back_keeps_it():
    partnership = circle()
    planned(partnership)
    left = leaves(partnership)
    MembershipFactory(partnership=partnership, application=left.application, joined_on=date(2026, 1, 1))

    assert follow_members(at=LATER) == 0


@pytest.mark.parametrize("what", ["a pair", "a pause", "its time has come", "cancelled"])
def test_otherwise_nothing_is_to_be_done(what):
    partnership = pair() if what == "a pair" else circle()
    meeting = planned(partnership)
    joins(partnership)
    if what == "a pause":
        partnership.move_to(State.PAUSED, at=LATER)
    if what == "cancelled":
        services.cancel_plan(meeting, by=person(partnership), at=NOW)

    assert follow_members(at=FACTS["starts_at"] if what == "its time has come" else LATER) == 0


def test_a_quiet_sweep_asks_as_much_for_one_circle_as_for_three(django_assert_num_queries):
    planned(circle())
    with django_assert_num_queries(3):
        follow_members(at=LATER)
    for _ in range(2):
        planned(circle())

    with django_assert_num_queries(3):
        assert follow_members(at=LATER) == 0


def test_the_sweep_of_plans_does_it():
    partnership = circle()
    planned(partnership)
    newcomer = joins(partnership)

    services.settle_plans(at=LATER)

    assert last_to(newcomer).kind == "meetings/email/planned"


def test_a_circle_that_cannot_be_followed_holds_back_no_other(caplog):
    broken, whole = (planned(circle()) for _ in range(2))
    newcomers = [joins(meeting.partnership) for meeting in (broken, whole)]
    key = f"plan/{broken.pk}/0/{newcomers[0].pk}"
    MessageFactory(key="somebody else's", message_id=message_id(key))  # so that this letter can't be kept

    assert follow_members(at=LATER) == 1

    assert [record.message for record in caplog.records] == [
        f"Calendars of meeting {broken.pk} could not be brought up to date."
    ]
