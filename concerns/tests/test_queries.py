import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.tests.factories import UserFactory
from applications.models import State
from applications.tests.factories import ApplicationFactory
from concerns import queries
from concerns.models import About
from concerns.tests.factories import AT, file_case, handler
from partnerships.tests.factories import pair
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_whoever_has_applied_may_raise_a_concern_whatever_became_of_it(state):
    application = ApplicationFactory(state=state)

    assert list(queries.programmes_of(application.user)) == [application.cohort.programme]


def test_a_draft_is_not_yet_a_part_in_a_programme():
    assert list(queries.programmes_of(ApplicationFactory(draft=True).user)) == []


def test_who_works_for_a_programme_may_raise_a_concern_in_it():
    duty = DutyFactory()

    assert list(queries.programmes_of(duty.user)) == [duty.programme]


def test_each_programme_of_a_person_is_offered_once():
    first, second = ApplicationFactory(), ApplicationFactory()
    user = first.user
    ApplicationFactory(user=user, cohort=CohortFactory(programme=first.cohort.programme, slug="2026-27"))
    ApplicationFactory(user=user, cohort=second.cohort)
    ProgrammeFactory()

    assert set(queries.programmes_of(user)) == {first.cohort.programme, second.cohort.programme}
    assert queries.programmes_of(user).count() == 2


def test_nobody_else_is_in_a_programme():
    ApplicationFactory()

    assert list(queries.programmes_of(UserFactory())) == []
    assert list(queries.programmes_of(AnonymousUser())) == []


def test_partners_are_those_of_every_programme_and_of_the_past():
    here = pair()
    mentor, mentee = (membership.application.user for membership in here.memberships.all())
    elsewhere = pair(mentee=ApplicationFactory(user=mentee))
    elsewhere.memberships.update(left_on=AT.date())
    other = elsewhere.memberships.get(part="mentor").application.user
    pair()

    assert queries.partners_of(mentee) == sorted([mentor, other], key=lambda user: user.pk)


def test_the_readers_of_a_case_are_the_handlers_whom_the_door_lets_in():
    partnership = pair()
    mentor, mentee = (membership.application.user for membership in partnership.memberships.all())
    programme = partnership.cohort.programme
    one, other = handler(programme), handler(programme)
    DutyFactory(user=mentor, programme=programme, kind="concerns")
    handler(programme, is_active=False)
    handler(ProgrammeFactory())

    case = file_case(by=mentee, about=About.PARTNER)

    assert set(queries.readers_of(case)) == {one, other}


@pytest.mark.clause("ALL-1")
def test_what_others_are_in_or_work_for_is_nobody_elses():
    pair()
    DutyFactory()
    own = ApplicationFactory()

    assert list(queries.programmes_of(own.user)) == [own.cohort.programme]
