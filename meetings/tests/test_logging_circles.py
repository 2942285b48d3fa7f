from datetime import date

import pytest

from meetings.models import ContactFrequency
from meetings.tests.acts import (
    log,
)
from meetings.tests.people import members, refusal
from partnerships.tests.factories import MembershipFactory, circle, pair

pytestmark = pytest.mark.django_db


@pytest.mark.clause("BM-7")
def test_in_a_circle_those_who_were_ticked_were_there():
    partnership = circle(members=3)
    facilitator, first, second, _ = members(partnership)

    meeting = log(
        partnership, by=facilitator.application.user, attendees=[facilitator, first, second], frequency=None
    )

    assert {row.membership for row in meeting.attendances.all()} == {facilitator, first, second}


def test_a_circle_of_one_is_no_meeting():
    partnership = circle()

    said = refusal(log, partnership, attendees=members(partnership)[:1], frequency=None)

    assert said == "Tick everybody who was there: it takes two at least to meet."


def test_nobody_from_elsewhere_was_at_a_circle():
    partnership = circle()
    stranger = members(pair())[0]

    said = refusal(log, partnership, attendees=[*members(partnership), stranger], frequency=None)

    assert said == "Tick only people who are in the circle."


def test_nobody_was_there_before_they_joined():
    partnership = circle()
    newcomer = MembershipFactory(
        partnership=partnership, application__cohort=partnership.cohort, joined_on=date(2026, 1, 13)
    )

    said = refusal(
        log,
        partnership,
        held_on=date(2026, 1, 12),
        attendees=[members(partnership)[0], newcomer],
        frequency=None,
    )

    assert said == "Somebody you ticked joined the circle after that day."


def test_other_people_at_the_same_meeting_of_a_circle_are_other_facts():
    partnership = circle()
    everybody = members(partnership)
    log(partnership, attendees=everybody, frequency=None)

    assert log(partnership, attendees=everybody, frequency=None).attendances.count() == 4
    assert refusal(log, partnership, attendees=everybody[:2], frequency=None).startswith(
        "A meeting on 14 January"
    )


def test_a_circle_is_not_asked_how_often_it_writes():
    partnership = circle()

    log(partnership, attendees=members(partnership))

    assert ContactFrequency.objects.count() == 0
