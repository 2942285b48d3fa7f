"""Reminders that the office sends by hand (EI-1b, BM-5)."""

from datetime import date

import pytest
from django.utils import timezone

from applications.tests.factories import AbsenceFactory, MentorFactory
from meetings.services.nudging import nudge_by_hand
from meetings.tests.slipping import DAY, NOW, late_pair, nudges, people, rhythm, two_programmes
from mentorship.lib.refusals import NotPossible
from partnerships.models import Partnership
from partnerships.tests.factories import pair
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db


def administrator(partnership):
    return DutyFactory(programme=partnership.cohort.programme).user


def test_the_office_can_remind_by_hand_and_once_a_week():
    made = pair(cohort=rhythm(), introduced_at=NOW - DAY)
    office = administrator(made)

    first = nudge_by_hand([made], by=office, at=NOW)
    second = nudge_by_hand([made], by=office, at=NOW + 6 * DAY)
    third = nudge_by_hand([made], by=office, at=NOW + 7 * DAY)

    why = "was reminded within the last week"
    assert (first.sent, second.sent, third.sent) == (2, 0, 2)
    assert sorted(second.left) == sorted((user.name, why) for user in people(made))


@pytest.mark.clause("ALL-1")
def test_an_office_does_not_learn_that_somebody_had_a_reminder_from_another_programme():
    user, (here, there) = two_programmes()
    nudge_by_hand([there], by=administrator(there), at=NOW)

    outcome = nudge_by_hand([here], by=administrator(here), at=NOW + 2 * DAY)

    days = [timezone.localdate(row.not_before) for row in nudges(to=user.email)]
    assert (outcome.sent, outcome.left) == (2, [])
    assert days == [date(2026, 1, 14), date(2026, 1, 21)]


def test_the_office_is_told_who_is_not_reminded_and_why():
    cohort = rhythm()
    office = DutyFactory(programme=cohort.programme).user
    away, paused, own = (
        pair(cohort=cohort),
        pair(cohort=cohort),
        pair(cohort=cohort, mentor=MentorFactory(cohort=cohort, user=office)),
    )
    AbsenceFactory(
        application=away.memberships.first().application,
        from_on=date(2026, 1, 14),
        until_on=date(2026, 1, 14),
    )
    Partnership.objects.filter(pk=paused.pk).update(state="paused", paused_at=NOW)

    found = nudge_by_hand([away, paused, own], by=office, at=NOW)

    whys = {"somebody is away": away, "it is paused": paused, "you are in this partnership yourself": own}
    assert found.sent == 0
    assert sorted(found.left) == sorted((user.name, why) for why, row in whys.items() for user in people(row))


@pytest.mark.clause("ALL-1")
def test_nobody_reminds_people_of_another_programme():
    made = late_pair()

    with pytest.raises(NotPossible, match="administer"):
        nudge_by_hand([made], by=DutyFactory().user, at=NOW)

    assert nudges().count() == 0


def test_who_is_reminded_although_nothing_is_late_reads_no_day_that_has_passed():
    made = pair(cohort=rhythm(), introduced_at=NOW - DAY)

    nudge_by_hand([made], by=administrator(made), at=NOW)

    text = nudges().first().text
    assert "found a date for your next meeting?" in text
    assert "was due" not in text
