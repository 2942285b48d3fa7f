"""Every verb locks rows in one order, so that no two of them wait for each other (`mentorship.lib.locks`)."""

import re
from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from meetings.services.nudging import nudge_by_hand, remind_due
from meetings.tests.people import members
from partnerships import services
from partnerships.models import EndReason
from partnerships.services import absences
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory, ProgrammeFactory

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db,
]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
ORDER = ["partnerships_partnership", "applications_application", "accounts_user"]
_LOCK = re.compile(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', re.DOTALL)


@pytest.fixture
def cohort():
    """With a rhythm of four to six weeks, so that the first meeting is overdue, and circles of one to eight."""
    programme = ProgrammeFactory(weeks_between_meetings_least=4, weeks_between_meetings_most=6)
    PathwayFactory(programme=programme)
    PathwayFactory(programme=programme, kind="circle", label="Circle", smallest=1, largest=8)
    return CohortFactory(programme=programme)


def locked_by(act):
    """The tables in which rows were locked, in order, each as often as there was a statement."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return [found[1] for query in asked if (found := _LOCK.search(query["sql"]))]


def ready(person):
    PolicyAcceptanceFactory(application=person)
    return person


def introducing(cohort):
    people = [
        (ready(MentorFactory(cohort=cohort)), "mentor"),
        (ready(ApplicationFactory(cohort=cohort)), "mentee"),
    ]
    return partial(services.introduce, cohort=cohort, pathway="one_to_one", people=people, by=None, at=NOW)


def joining(cohort):
    mentee = ready(ApplicationFactory(cohort=cohort, pathway="circle"))
    return partial(services.join, circle(cohort), people=[mentee], by=None, at=NOW)


def merging(cohort):
    return partial(services.merge, circle(cohort), into=circle(cohort), by=None, at=NOW)


def letting_go(cohort):
    leaver = members(circle(cohort), "mentee")[0]
    return partial(services.let_go, leaver, by=None, at=NOW, wants_new_partner=False)


def ending(cohort):
    return partial(services.end, pair(cohort), by=None, at=NOW, reason=EndReason.LEAVING, rematch=[])


def announcing(cohort):
    mentee = members(pair(cohort), "mentee")[0].application
    days = {"from_on": date(2026, 1, 20), "until_on": date(2026, 3, 20)}
    return partial(absences.announce, mentee, by=mentee.user, at=NOW, **days)


def reminding(cohort):
    pair(cohort)
    return partial(remind_due, at=NOW)


def reminding_by_hand(cohort):
    return partial(nudge_by_hand, [pair(cohort)], by=DutyFactory(programme=cohort.programme).user, at=NOW)


@pytest.mark.parametrize(
    "verb",
    [introducing, joining, merging, letting_go, ending, announcing, reminding, reminding_by_hand],
    ids=lambda verb: verb.__name__,
)
def test_partnerships_are_locked_before_applications_and_these_before_people(cohort, verb):
    locked = [table for table in locked_by(verb(cohort)) if table in ORDER]

    assert len(set(locked)) > 1
    assert locked == sorted(locked, key=ORDER.index)
